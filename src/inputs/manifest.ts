import { relative, resolve, sep } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import * as z from 'zod/mini';
import { asSentence } from '../text/format.ts';
import { isMapping } from '../text/mapping.ts';
import type { DraftEntry } from './draft.ts';
import { entryFields } from './fields/fields.ts';
import { type Layer, type LayerSource, mergeLayers } from './layer.ts';
import { type Names, readEntry, specOfEntry, whereItBelongsInFile } from './manifest-entry.ts';
import { parseText } from './parse/parse.ts';
import { manifestLimit } from './parse/parsed.ts';
import { readTextFile } from './parse/text-file.ts';
import { invalid, kindOf, type Problem, problemText, unknownField } from './problem.ts';

const entry = z.strictObject(entryFields);

/** The whole file; the source of its JSON Schema. */
export const manifestFile = z.strictObject({
  defaults: z.optional(entry),
  connections: z.record(z.string(), entry),
});

/**
 * Reads a manifest and creates the spec of each of its connections: the entry, merged over the
 * file's `defaults`, merged over the step's inputs.
 *
 * @param path relative to the workspace
 * @returns the entries in the file's order (names that are whole numbers first), and all problems
 */
export async function readManifest(
  path: string,
  inputs: Layer,
  source: LayerSource,
): Promise<{ entries: DraftEntry[]; problems: Problem[]; locate: Locate }> {
  boundHeap();
  const workspace = resolve(source.env.GITHUB_WORKSPACE ?? '.');
  const absolute = resolve(workspace, path);
  const content = readTextFile(absolute, manifestLimit);
  if ('error' in content) {
    const slashes = path.includes('\\') ? ' Use / between folders.' : '';
    const message = `"${path}" ${asSentence(content.error)} It must be a YAML or JSON file, relative to the workspace.${slashes}`;
    return { entries: [], problems: [{ path: ['manifest'], message }], locate: nowhere };
  }
  const file = relative(workspace, absolute).replaceAll(sep, '/');
  const { value, faults, lineAt } = await parseText(content.text, manifestLimit);
  const isReadable = value !== undefined || faults.length === 0;
  const found = isReadable ? readFile(value, inputs, source) : { entries: [], problems: [] };
  const inFile = async (given: readonly Problem[]): Promise<Problem[]> => {
    const located = await Promise.all(
      given.map(async (problem) => ({
        ...problem,
        line: problem.line ?? (await lineAt(problem.path)),
      })),
    );
    const problems = located
      .sort((a, b) => a.line - b.line)
      .map(({ path, message, line }) => ({
        path: path.length > 0 ? path : ['manifest'],
        message,
        file,
        line,
      }));
    // A problem of the defaults concerns every entry.
    return [...new Map(problems.map((problem) => [problemText(problem), problem])).values()];
  };
  const problems = await inFile([...faults, ...found.problems]);
  return { entries: found.entries, problems, locate: inFile };
}

/** Adds the file and the lines to problems, and sorts them. */
type Locate = (problems: readonly Problem[]) => Promise<Problem[]>;

const nowhere: Locate = async (problems) => [...problems];

function readFile(
  file: unknown,
  inputs: Layer,
  source: LayerSource,
): { entries: DraftEntry[]; problems: Problem[] } {
  if (!isMapping(file)) {
    return {
      entries: [],
      problems: [invalid([], 'must be a mapping with connections', kindOf(file))],
    };
  }
  const known = Object.keys(manifestFile.shape);
  const problems = Object.keys(file)
    .filter((key) => key !== '' && !known.includes(key))
    .map((key): Problem => {
      const message = whereItBelongsInFile(key);
      return message === undefined ? unknownField([key], known) : { path: [key], message };
    });
  const defaults = readEntry(file.defaults ?? {}, ['defaults'], source);
  problems.push(...defaults.problems);
  const below = mergeLayers(inputs, defaults.layer);
  const { connections } = file;
  if (!isMapping(connections)) {
    const rule = 'must be a mapping of names to connections';
    return {
      entries: [],
      problems: [...problems, invalid(['connections'], rule, kindOf(connections))],
    };
  }
  const entries: DraftEntry[] = [];
  const names: Names = new Map();
  for (const [name, value] of Object.entries(connections)) {
    const path = ['connections', name];
    const own = readEntry(value ?? {}, path, source);
    problems.push(...own.problems);
    if (value !== null && !isMapping(value)) continue;
    const layers = {
      own: own.layer,
      defaults: defaults.layer,
      merged: mergeLayers(below, own.layer),
      path,
    };
    const { spec, problems: found } = specOfEntry(layers, names, source.masks);
    problems.push(...found);
    if (spec) entries.push({ name, spec });
  }
  return { entries, problems };
}

/**
 * Makes V8 collect the garbage of a manifest's many requests instead of growing the heap: the
 * young generation keeps its initial size, and the old one grows by half between two collections.
 * A large manifest then needs little more memory than a small one.
 */
function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
