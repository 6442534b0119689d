import { relative, resolve, sep } from 'node:path';
import * as z from 'zod/mini';
import { asSentence } from '../text/format.ts';
import { isMapping } from '../text/mapping.ts';
import { entryFields } from './fields/fields.ts';
import { type Finding, formatPath, invalid, kindOf, unknownField } from './fields/finding.ts';
import { boundHeap } from './heap.ts';
import { type Layer, type LayerSource, mergeLayers } from './layer.ts';
import { type Names, readEntry, specOfEntry } from './manifest-entry.ts';
import { parseText } from './parse/parse.ts';
import { manifestLimit } from './parse/parsed.ts';
import { readTextFile } from './parse/text-file.ts';
import type { Problem } from './problem.ts';
import type { Entry } from './spec.ts';

const entry = z.strictObject(entryFields);

/** The whole file; the source of its JSON Schema. */
export const manifestFile = z.strictObject({
  defaults: z.optional(entry),
  connections: z.record(z.string(), entry),
});

/**
 * Reads a manifest and creates the spec of each of its connections: the entry, merged over the file's
 * `defaults`, merged over the step's inputs.
 *
 * @param path relative to the workspace
 * @returns the entries in the file's order (names that are whole numbers first), and all problems
 */
export async function readManifest(
  path: string,
  inputs: Layer,
  source: LayerSource,
): Promise<{ entries: Entry[]; problems: Problem[] }> {
  boundHeap();
  const workspace = resolve(source.env.GITHUB_WORKSPACE ?? '.');
  const absolute = resolve(workspace, path);
  const content = readTextFile(absolute, manifestLimit);
  if ('error' in content) {
    const message = `${JSON.stringify(path)} ${asSentence(content.error)} It must be a YAML or JSON file, relative to the workspace.`;
    return { entries: [], problems: [{ field: 'manifest', message }] };
  }
  const file = relative(workspace, absolute).replaceAll(sep, '/');
  const { value, faults, lineAt } = await parseText(content.text, manifestLimit);
  const isReadable = value !== undefined || faults.length === 0;
  const found = isReadable ? readFile(value, inputs, source) : { entries: [], findings: [] };
  const located = found.findings.map(async (finding) => ({
    ...finding,
    line: await lineAt(finding.path),
  }));
  const problems = [...faults, ...(await Promise.all(located))]
    .sort((a, b) => a.line - b.line)
    .map(({ path, message, line }) => ({
      field: formatPath(path) || 'manifest',
      message,
      file,
      line,
    }));
  return { entries: found.entries, problems };
}

function readFile(
  file: unknown,
  inputs: Layer,
  source: LayerSource,
): { entries: Entry[]; findings: Finding[] } {
  if (!isMapping(file)) {
    return {
      entries: [],
      findings: [invalid([], 'must be a mapping with connections', kindOf(file))],
    };
  }
  const known = Object.keys(manifestFile.shape);
  const findings = Object.keys(file)
    .filter((key) => key !== '' && !known.includes(key))
    .map((key) => unknownField([key], known));
  const defaults = readEntry(file.defaults ?? {}, ['defaults'], source);
  findings.push(...defaults.findings);
  const below = mergeLayers(inputs, defaults.layer);
  const { connections } = file;
  if (!isMapping(connections)) {
    const rule = 'must be a mapping of names to connections';
    return {
      entries: [],
      findings: [...findings, invalid(['connections'], rule, kindOf(connections))],
    };
  }
  const entries: Entry[] = [];
  const names: Names = new Map();
  for (const [name, value] of Object.entries(connections)) {
    const path = ['connections', name];
    const own = readEntry(value ?? {}, path, source);
    findings.push(...own.findings);
    if (value !== null && !isMapping(value)) continue;
    const { spec, findings: found } = specOfEntry(
      mergeLayers(below, own.layer),
      path,
      names,
      source.masks,
    );
    findings.push(...found);
    if (spec) entries.push({ name, spec });
  }
  return { entries, findings };
}
