import { namesSecret } from './secret-names.ts';

/** Hiding shorter values, or words that occur everywhere, would blank the log. */
export const shortestSecret = 4;
const common = /^(true|false|null)$/i;
/** Strings within a secret that is JSON are hidden from this length on. */
const shortestInJson = 8;

/**
 * The variants of a secret that the runner masks: the secret, its lines, and both as they stand in
 * JSON, also in JSON within JSON. Of a secret that is JSON itself, the values under keys that name
 * a secret as well; masking the others would make GitHub drop job outputs that merely contain
 * them. Empty for what is too short or too common to hide.
 */
export function variantsOf(secret: string): string[] {
  const named = stringsIn(secret).filter(({ key }) => namesSecret(key));
  const parts = [secret, ...named.map(({ text }) => text)].flatMap(partsOf);
  const variants = parts.flatMap((part) => [part, inJson(part), inJson(inJson(part))]);
  // The runner also masks each line of a mask on its own, even a single brace.
  return unique(variants).filter((variant) => splitLines(variant).every(isHideable));
}

/**
 * What redaction looks for: a secret and its lines, and the same for every string of 8 characters
 * or more within a secret that is JSON; each also as bytes of UTF-8, which is what Base64 holds,
 * and a number also as JSON writes it. Text is unescaped before it is searched, so escaped
 * variants are not in the list.
 */
export function termsOf(secret: string): string[] {
  const inner = stringsIn(secret).map(({ text }) => text);
  const parts = [secret, ...inner].flatMap(partsOf);
  return unique([...parts, ...parts.map(inBytes), ...numberForms(secret)]).filter(isHideable);
}

/** A text in UTF-8, one character per byte. */
const inBytes = (text: string): string => Buffer.from(text).toString('latin1');

/** A secret that is a number, as JSON writes it: `0815.50` can come back as `815.5`. */
function numberForms(secret: string): string[] {
  const isNumeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(secret.trim());
  return isNumeric && Number.isFinite(Number(secret)) ? [String(Number(secret))] : [];
}

/** A text, its lines, and both without the space around them, as far as they can be hidden. */
const partsOf = (text: string): string[] =>
  [text, ...splitLines(text)].flatMap((part) => [part, part.trim()]).filter(isHideable);

const splitLines = (text: string): string[] => text.split(/[\r\n]+/).filter((line) => line !== '');

const isHideable = (text: string): boolean =>
  text.trim().length >= shortestSecret && !common.test(text.trim());

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The longer strings within a text that is JSON, each under the key closest to it. */
function stringsIn(json: string): { key: string; text: string }[] {
  const found: { key: string; text: string }[] = [];
  const pending = [{ key: '', value: parseJson(json) }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { key, value } = next;
    if (typeof value === 'string') {
      if (value.length >= shortestInJson) found.push({ key, text: value });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        pending.push({ key: Array.isArray(value) ? key : name, value: inner });
      }
    }
  }
  return found;
}

function parseJson(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

const unique = (texts: string[]): string[] => [...new Set(texts)];
