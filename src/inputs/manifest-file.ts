import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { connectionName } from '../fivetran/connection-name.ts';
import { nearest } from '../text/nearest.ts';
import {
  type ConnectionSpec,
  convergenceFields,
  listFields,
  manifestFields,
  requestFields,
  spec,
  stepFields,
} from './fields.ts';
import { boundHeap } from './heap.ts';
import { invalidType, type Problem, problemOf } from './input-error.ts';
import { unusableValues } from './mapping.ts';
import { ruleProblems, type Unchecked } from './rules.ts';
import { linesOf, type Source, substituteAndMask, typed } from './source.ts';
import { parseYaml } from './yaml.ts';
import { lineOf } from './yaml-line.ts';

/** One connection of a manifest. */
export type Entry = { name: string; spec: ConnectionSpec };

const entryFields = { ...requestFields, ...convergenceFields };
const entry = z.strictObject(entryFields);

/** The whole file. */
export const manifestFile = z.strictObject({
  defaults: z.optional(entry),
  connections: z.record(z.string(), entry),
});

type Fields = Record<string, unknown>;

/**
 * Reads a manifest, and makes a wish of each of its connections: the entry over the file's `defaults`
 * over the step's inputs, `config` and `auth` by their keys and everything else as a whole.
 *
 * @param path relative to the workspace
 * @param inputs the step's inputs, as far as they could be read
 * @returns the entries in the file's order (names that are whole numbers first), and all the problems of the whole file
 */
export async function readManifest(
  path: string,
  inputs: Unchecked,
  source: Source,
): Promise<{ entries: Entry[]; problems: Problem[] }> {
  boundHeap();
  const text = readText(path, source.env);
  if (typeof text !== 'string') return { entries: [], problems: [text] };
  const yaml = await parseYaml(text);
  const problems: Problem[] = yaml.faults.map(({ line, column, text }) => ({
    field: `${path}, line ${line}, column ${column}`,
    text: `malformed YAML: ${text}.`,
  }));
  const file = yaml.value;
  if (file === undefined && problems.length > 0) return { entries: [], problems };
  const found = isMapping(file) ? readFile(file, inputs, source) : notMapping(file);
  const placed = found.problems.map(({ field, text }) => ({
    line: lineOf(yaml, field),
    field,
    text,
  }));
  for (const { line, field, text } of placed.sort((a, b) => a.line - b.line)) {
    problems.push({ field: `${path}, line ${line}, ${field}`, text });
  }
  return { entries: found.entries, problems };
}

function readText(path: string, env: NodeJS.ProcessEnv): string | Problem {
  try {
    return readFileSync(resolve(env.GITHUB_WORKSPACE ?? '.', path), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const allowed =
      'the path of a YAML or JSON file, relative to the workspace (is it checked out?)';
    return { field: 'manifest', text: `can not read "${path}" (${code}); allowed: ${allowed}.` };
  }
}

type Found = { entries: Entry[]; problems: Problem[] };

const notMapping = (value: unknown): Found => ({
  entries: [],
  problems: [
    invalidType('the file', value, 'a mapping with connections, and defaults if you like'),
  ],
});

function readFile(file: Fields, inputs: Unchecked, source: Source): Found {
  const problems = unknownKeys(file, Object.keys(manifestFile.shape), '');
  const defaults = readFields('defaults', file.defaults, source);
  problems.push(...defaults.problems);
  const { connections } = file;
  if (!isMapping(connections)) {
    problems.push(invalidType('connections', connections, 'a mapping of names to connections'));
    return { entries: [], problems };
  }
  const entries: Entry[] = [];
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(connections)) {
    const path = `connections.${name}`;
    const own = readFields(path, value, source);
    if (value !== null && !isMapping(value)) {
      problems.push(...own.problems);
      continue;
    }
    const merged = merge(inputs, defaults.fields, own.fields);
    const rules = ruleProblems(merged).map(({ field, text }) => ({
      field: `${path}.${field}`,
      text,
    }));
    problems.push(...own.problems, ...rules);
    const taken = connectionName(merged.config as Fields);
    const place = `${taken} in group ${merged.group_id}`;
    const first = names.get(place);
    if (taken && first !== undefined) {
      const text = `makes the name ${place}, which ${first} has already; a name is unique in its group.`;
      problems.push({ field: path, text });
    }
    names.set(place, path);
    const parsed = spec.safeParse(merged);
    if (parsed.success) entries.push({ name, spec: parsed.data });
  }
  return { entries, problems };
}

/** Reads the fields of an entry, or of the defaults; an empty one is not given. */
function readFields(
  path: string,
  value: unknown,
  source: Source,
): { fields: Fields; problems: Problem[] } {
  if (value === null || value === undefined) return { fields: {}, problems: [] };
  if (!isMapping(value)) {
    return { fields: {}, problems: [invalidType(path, value, 'a mapping of fields to values')] };
  }
  const fields: Fields = {};
  const problems = unknownKeys(value, Object.keys(entryFields), path);
  for (const [field, written] of Object.entries(value)) {
    if (written === null) continue;
    const filled = substituteAndMask(field, written, source, `${path}.${field}`);
    problems.push(...filled.problems, ...unusableValues(filled.value, `${path}.${field}`));
    fields[field] = asField(field, written, filled.value);
  }
  const issues = entry.safeParse(fields).error?.issues ?? [];
  for (const issue of issues.filter(({ code }) => code !== 'unrecognized_keys')) {
    const { field, text } = problemOf(issue, fields);
    problems.push({ field: `${path}.${field}`, text });
  }
  return { fields, problems };
}

/** What `${NAME}` gave is text, as an input is; a list may be written as lines. */
function asField(field: string, written: unknown, filled: unknown): unknown {
  if (typeof filled !== 'string') return filled;
  if (listFields.includes(field)) return linesOf(filled);
  const schema = entryFields[field as keyof typeof entryFields] as z.ZodMiniType | undefined;
  return schema && filled !== written ? typed(schema, filled) : filled;
}

const stepNames = ['api_key', 'api_secret', ...Object.keys({ ...stepFields, ...manifestFields })];

function unknownKeys(value: Fields, known: string[], path: string): Problem[] {
  return Object.keys(value).flatMap((key) => {
    if (known.includes(key)) return [];
    const near = nearest(key, known);
    const text = stepNames.includes(key)
      ? 'is an input of the step, and no field of a connection.'
      : `is unknown; ${near ? `nearest is ${near}` : `allowed: ${known.join(', ')}`}.`;
    return [{ field: path ? `${path}.${key}` : key, text }];
  });
}

function merge(...layers: Fields[]): Unchecked {
  const merged: Fields = {};
  for (const layer of layers) {
    for (const [field, value] of Object.entries(layer)) {
      const below = merged[field];
      const byKey =
        (field === 'config' || field === 'auth') && isMapping(below) && isMapping(value);
      merged[field] = byKey ? { ...below, ...value } : value;
    }
  }
  return merged;
}

const isMapping = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
