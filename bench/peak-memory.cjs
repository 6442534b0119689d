// Preloaded into a measured process: leaves its peak memory, in MiB, in the file BENCH_MEMORY.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');

const status = '/proc/self/status';
process.on('exit', () => {
  // On Linux, maxRSS includes what the parent had before exec; VmHWM is this program's alone.
  const peak = existsSync(status) && /VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1];
  const kibibytes = Number(peak || process.resourceUsage().maxRSS);
  writeFileSync(process.env.BENCH_MEMORY ?? '', String(kibibytes / 1024));
});
