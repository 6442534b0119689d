/** Shorter ones, and words that stand everywhere, would blank the log. */
const leastLength = 4;
const common = /^(true|false|null|\s*)$/i;

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/**
 * The forms in which a secret may be printed: itself, each of its lines, and either as a part of
 * JSON, also of JSON within JSON. Empty for what is too short or too common to be hidden.
 */
export function variantsOf(secret: string): string[] {
  const lines = secret.split(/\r\n|\r|\n/);
  const plain = [secret, ...lines, ...lines.map((line) => line.trim())];
  const forms = plain.flatMap((form) => [form, escaped(form), escaped(escaped(form))]);
  return [...new Set(forms)].filter((form) => form.length >= leastLength && !common.test(form));
}

/** The secrets of a run, and what is left of a text without them. */
export type Redactor = {
  /** Adds one; `added` is told of each form of it that was not known. */
  mask(secret: string): void;
  /** Replaces every form of every secret by `***`. */
  redact(text: string): string;
  /** The same for every string in a value, keys included, but for the ones in `known`. */
  redactAll(value: unknown, known?: ReadonlySet<string>): unknown;
};

/** Starts with no secrets. */
export function makeRedactor(added: (form: string) => void): Redactor {
  const all = new Set<string>();
  /** The forms by their first characters, longest first: one look at each place of a text suffices. */
  const byStart = new Map<string, string[]>();

  function mask(secret: string): void {
    for (const form of variantsOf(secret)) {
      if (all.has(form)) continue;
      all.add(form);
      const start = form.slice(0, leastLength);
      const forms = [...(byStart.get(start) ?? []), form];
      byStart.set(
        start,
        forms.sort((a, b) => b.length - a.length),
      );
      added(form);
    }
  }

  function redact(text: string): string {
    let clean = '';
    /** Where the hidden stretch that was met last ends; secrets that overlap are one stretch. */
    let end = 0;
    for (let at = 0; at + leastLength <= text.length; at++) {
      const forms = byStart.get(text.slice(at, at + leastLength));
      const form = forms?.find((one) => text.startsWith(one, at));
      if (form === undefined) continue;
      if (at >= end) clean += `${text.slice(end, at)}***`;
      end = Math.max(end, at + form.length);
    }
    return clean + text.slice(end);
  }

  function redactAll(value: unknown, known?: ReadonlySet<string>): unknown {
    if (typeof value === 'string') return known?.has(value) ? value : redact(value);
    if (Array.isArray(value)) return value.map((item) => redactAll(item, known));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [redact(key), redactAll(inner, known)]),
    );
  }

  return { mask, redact, redactAll };
}
