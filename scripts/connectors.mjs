// Derives schema/connectors.json from Fivetran's OpenAPI document and prints what came and went per
// service. Usage: npm run connectors -- FILE-OR-URL
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { changesBetween } from './connectors/changes.mjs';
import { servicesIn } from './connectors/derive.mjs';
import { factsText } from './connectors/facts.mjs';

/** @typedef {import('./connectors/facts.mjs').Facts} Facts */

const USAGE = `Usage: npm run connectors -- OPENAPI
OPENAPI is the path or the https URL of Fivetran's OpenAPI document.`;

/** How long a download may take, in milliseconds. */
const DOWNLOAD_LIMIT = 60_000;

/**
 * The facts of a newly read document. The month stays the old one when nothing else changed, so that
 * running this again changes nothing.
 *
 * @param {unknown} document
 * @param {Facts} old
 * @param {Date} now
 * @returns {{ facts: Facts, changes: string }} `changes` as Markdown, empty when there are none
 * @throws {Error} when the document cannot be used
 */
export function updated(document, old, now) {
  const services = servicesIn(document);
  const isSame = factsText({ ...old, services }) === factsText(old);
  const facts = isSame ? old : { month: now.toISOString().slice(0, 7), services };
  return { facts, changes: changesBetween(old.services, services) };
}

/** @param {string} source a path, or a URL */
async function textFrom(source) {
  if (!/^https?:/.test(source)) return readFileSync(source, 'utf8');
  const response = await fetch(source, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT) });
  if (!response.ok) throw new Error(`HTTP status ${response.status}.`);
  return response.text();
}

/** @param {string} source */
async function main(source) {
  const file = new URL('../schema/connectors.json', import.meta.url);
  const { facts, changes } = updated(
    JSON.parse(await textFrom(source)),
    JSON.parse(readFileSync(file, 'utf8')),
    new Date(),
  );
  writeFileSync(file, factsText(facts));
  console.log(changes || 'Nothing changed.');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [given] = process.argv.slice(2);
  if (given === undefined || given.startsWith('-')) {
    console.error(USAGE);
    process.exitCode = 2;
  } else {
    const source = /^https?:/.test(given) ? given : resolve(process.env.INIT_CWD ?? '', given);
    await main(source).catch((error) => {
      console.error(`${given}: ${error.message}`);
      process.exitCode = 1;
    });
  }
}
