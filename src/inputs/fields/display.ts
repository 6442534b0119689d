/** A value for an error message, without anything that may be a secret. */
export function display(value: unknown): string {
  if (typeof value !== 'string') return isScalar(value) ? String(value) : kindOf(value);
  if (value.includes('PRIVATE KEY')) return kindOf(value);
  if (value.includes('-----BEGIN ')) return 'a PEM file';
  if (/^-?\d+(\.\d+)?$/.test(value)) return value;
  // A URL has its password before the @, and often a token after ? or #.
  const [, before = '', rest = ''] = /^(.*@)?(.*)$/s.exec(value) ?? [];
  const shown = /[?#]/.test(before) ? '***' : (before && '***@') + rest.replace(/[?#].+/s, '***');
  return JSON.stringify(shown);
}

/** The kind of a value, without anything of the value itself. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean';
