import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns the license texts of the packages whose modules ncc bundled, each text once. ncc can write
 * such a file itself, but without names and versions.
 *
 * @param {string} statsFile written by ncc
 */
export function licenses(statsFile) {
  const modules = readFileSync(statsFile, 'utf8').matchAll(
    /node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\/(?!node_modules)/g,
  );
  const packages = new Set([...modules].map((match) => String(match[1])));
  packages.delete('@vercel/ncc');
  /** @type {Map<string, string[]>} the packages under each text */
  const texts = new Map();
  for (const name of [...packages].sort()) {
    const { heading, text } = licenseOf(name);
    texts.set(text, [...(texts.get(text) ?? []), heading]);
  }
  return [...texts].map(([text, headings]) => `${headings.join('\n')}\n\n${text}\n`).join('\n');
}

/** @param {string} name */
function licenseOf(name) {
  const folder = `node_modules/${name}`;
  const { license, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : `License: ${license}`;
  return { heading: `${name} ${version} (${license})`, text };
}
