import { kindOf, type Problem } from './problem.ts';

/** A parsed mapping, as far as it can be used, and what is wrong with it. */
export type Mapping = { value?: Record<string, unknown> | undefined; problems: Problem[] };

/**
 * Parses an input that holds a YAML or JSON mapping.
 *
 * @returns no value for a text with nothing in it; problems name line and column, and no word of the
 * text itself, which may hold secrets
 */
export async function parseMapping(field: string, text: string): Promise<Mapping> {
  const value = parseJson(text) ?? (await parseYaml(field, text));
  if (value instanceof Problems) return { problems: value.all };
  if (value === undefined || value === null) return { problems: [] };
  if (typeof value !== 'object' || Array.isArray(value)) {
    const allowed = 'a YAML or JSON mapping of names to values';
    return { problems: [{ field, text: `got ${kindOf(value)}; allowed: ${allowed}.` }] };
  }
  return { value: value as Record<string, unknown>, problems: unusableNumbers(value, field) };
}

class Problems {
  constructor(readonly all: Problem[]) {}
}

function parseJson(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Flow style YAML, or a mistake that the YAML parser locates.
  }
}

async function parseYaml(field: string, text: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return new Problems(
      faults.map((fault) => {
        const { line, col } = lines.linePos(fault.pos[0]);
        const where = `line ${line}, column ${col}`;
        return { field, text: `malformed YAML at ${where}: ${describe(fault)}.` };
      }),
    );
  }
  try {
    return document.toJS();
  } catch {
    return new Problems([{ field, text: 'malformed YAML: its aliases can not be resolved.' }]);
  }
}

/** What the parser would say with words of the text itself, which may be a secret's. */
const withoutText: Record<string, string> = {
  BAD_ALIAS: 'an alias that no anchor has set (text that begins with * belongs in quotes)',
  BAD_DIRECTIVE: 'an unknown directive (text that begins with % belongs in quotes)',
  BAD_DQ_ESCAPE: 'an unknown escape sequence in double quotes',
  TAG_RESOLVE_FAILED: 'an unknown tag (text that begins with ! belongs in quotes)',
};

const describe = ({ code, message }: { code: string; message: string }): string =>
  withoutText[code] ?? message.split(': ', 1)[0] ?? message;

/** Numbers that JSON can't carry as they were written. */
function unusableNumbers(value: unknown, field: string): Problem[] {
  if (typeof value === 'number' && (!Number.isFinite(value) || tooLarge(value))) {
    return [{ field, text: 'the number can not be sent as it is written; put it in quotes.' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unusableNumbers(inner, `${field}.${key}`));
}

const tooLarge = (n: number): boolean => Number.isInteger(n) && !Number.isSafeInteger(n);
