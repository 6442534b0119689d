import { invalidType, type Problem } from './input-error.ts';
import { parseYaml } from './yaml.ts';

/** A parsed mapping, as far as it can be used, and what is wrong with it. */
export type Mapping = { value?: Record<string, unknown> | undefined; problems: Problem[] };

/**
 * Parses an input that holds a YAML or JSON mapping.
 *
 * @returns no value for a text with nothing in it; problems name line and column, and no word of the
 * text itself, which may hold secrets
 */
export async function parseMapping(field: string, text: string): Promise<Mapping> {
  const { value, problems } = parseJson(text) ?? (await parseYamlValue(field, text));
  if (value === undefined || value === null) return { problems };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { problems: [invalidType(field, value, 'a YAML or JSON mapping of names to values')] };
  }
  return { value: value as Record<string, unknown>, problems: unusableValues(value, field) };
}

type Value = { value?: unknown; problems: Problem[] };

function parseJson(text: string): Value | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return { value: JSON.parse(text), problems: [] };
  } catch {
    return undefined; // Flow style YAML, or a mistake that the YAML parser locates.
  }
}

async function parseYamlValue(field: string, text: string): Promise<Value> {
  const { value, faults } = await parseYaml(text);
  if (faults.length === 0) return { value, problems: [] };
  const problems = faults.map(({ line, column, text }) => ({
    field,
    text: `malformed YAML at line ${line}, column ${column}: ${text}.`,
  }));
  return { problems };
}

/** What JSON can't carry as it was written: large numbers, and YAML's own kinds of collections. */
export function unusableValues(value: unknown, field: string): Problem[] {
  if (typeof value === 'number' && (!Number.isFinite(value) || tooLarge(value))) {
    return [{ field, text: 'the number can not be sent as it is written; put it in quotes.' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  if (!isList && Object.getPrototypeOf(value) !== Object.prototype) {
    return [
      {
        field,
        text: 'is of a kind that JSON does not have; allowed: texts, numbers, booleans, lists and mappings.',
      },
    ];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    unusableValues(inner, isList ? `${field}[${key}]` : `${field}.${key}`),
  );
}

const tooLarge = (n: number): boolean => Number.isInteger(n) && !Number.isSafeInteger(n);
