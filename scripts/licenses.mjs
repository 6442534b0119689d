import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns the license texts of the packages whose modules ncc bundled. ncc can write such a file
 * itself, but without names and versions.
 *
 * @param {string} statsFile written by ncc
 */
export function licenses(statsFile) {
  const modules = readFileSync(statsFile, 'utf8').matchAll(
    /node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\/(?!node_modules)/g,
  );
  const packages = new Set([...modules].map((match) => String(match[1])));
  packages.delete('@vercel/ncc');
  return [...packages].sort().map(licenseOf).join('\n');
}

/** @param {string} name */
function licenseOf(name) {
  const folder = `node_modules/${name}`;
  const { license, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `License: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
}
