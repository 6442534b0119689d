import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const start = fileURLToPath(new URL('start.mjs', import.meta.url));

/** What `npm start` prints. */
async function printed(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [start, ...args], {
    env: { PATH: process.env.PATH },
  });
  return stdout;
}

test('a newcomer sees a run on a screen or two, and no secret', async () => {
  const text = await printed();
  expect(text.split('\n').length).toBeLessThan(70);
  expect(text).toContain('Exit code 0');
  expect(text).toMatch(/^connect_card_uri +\*\*\*$/m);
  expect(text).toMatch(/… and \d+ more inputs; --verbose shows them\./);
});

test('--verbose shows every input and output in full', async () => {
  const text = await printed('--verbose');
  for (const line of [/^ {4}data_delay_threshold: 0$/m, /^ {2}"sync_frequency": 1440,$/m]) {
    expect(text).toMatch(line);
  }
  expect(text).toMatch(/^connect_card_uri +\*\*\*$/m);
});
