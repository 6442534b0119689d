// Builds dist/ from src/: tsc compiles to build/, ncc bundles what the runner runs, and beside it go
// the licences of all that is bundled and the JSON Schema of the manifest.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
/** @param {string[]} args */
const node = (...args) => execFileSync(process.execPath, args, { stdio: 'inherit' });

rmSync('build', { recursive: true, force: true });
node('node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json');

// ncc takes path aliases from the tsconfig.json of the folder that it runs in.
const paths = { undici: ['./vendor/undici.js'] };
writeFileSync('build/tsconfig.json', JSON.stringify({ compilerOptions: { paths } }));
process.chdir('build');
node(
  '../node_modules/@vercel/ncc/dist/ncc/cli.js',
  ...['build', 'index.js', '--minify', '--quiet', '--out', 'bundle', '--stats-out', 'stats.json'],
);
process.chdir('..');

rmSync('dist', { recursive: true, force: true });
cpSync('build/bundle', 'dist', { recursive: true });
writeFileSync('dist/licenses.txt', licenses('build/stats.json'));
node('--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', 'scripts/manifest-schema.mjs');

/**
 * The licence texts of the packages whose modules the bundle holds.
 *
 * @param {string} statsFile what ncc says of the bundle
 */
function licenses(statsFile) {
  const packages = new Set(
    [...readFileSync(statsFile, 'utf8').matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(
      (match) => String(match[1]),
    ),
  );
  packages.delete('@vercel/ncc');
  return [...packages].sort().map(license).join('\n');
}

/** @param {string} name */
function license(name) {
  const folder = `node_modules/${name}`;
  const about = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file
    ? readFileSync(`${folder}/${file}`, 'utf8').trim()
    : 'No licence file comes with the package.';
  return `${name} ${about.version} (${about.license})\n\n${text}\n`;
}
