/** One thing that is wrong with what the user wrote. */
export type Problem = {
  /** Where: an input's name, or a path such as `connect_card_config.redirect_uri`. */
  field: string;
  /** What was given and what is allowed. */
  text: string;
};

/** What the user wrote can't be used; nothing was sent. Carries all the problems of the run. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ field, text }) => `${field}: ${text}`);
    super(
      lines.length === 1
        ? `${lines[0]} Nothing was sent to Fivetran.`
        : `${lines.length} problems with the inputs; nothing was sent to Fivetran.\n${lines.map((line) => `- ${line}`).join('\n')}`,
    );
  }
}

/** A field that got what is not allowed. */
export const invalidValue = (field: string, value: unknown, allowed: string): Problem => ({
  field,
  text: `got ${shown(value)}; allowed: ${allowed}.`,
});

/** A field that got what is not allowed, and whose value may be a secret. */
export const invalidType = (field: string, value: unknown, allowed: string): Problem => ({
  field,
  text: `got ${kindOf(value)}; allowed: ${allowed}.`,
});

/**
 * Turns an issue of a schema, whose message is what is allowed, into a problem.
 *
 * @param root what the schema was given
 */
export function problemOf(
  issue: { path: readonly PropertyKey[]; message: string },
  root: unknown,
): Problem {
  const value = issue.path.reduce(
    (inner: unknown, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    root,
  );
  const field = issue.path.map(String).join('.');
  const [top = ''] = issue.path;
  const given = (root as Record<PropertyKey, unknown>)[top];
  const mayBeSecret =
    top === 'config' || top === 'auth' || JSON.stringify(given)?.includes('PRIVATE KEY');
  return mayBeSecret
    ? invalidType(field, value, issue.message)
    : invalidValue(field, value, issue.message);
}

/** A value as an error message shows it; the log cuts it, once the secrets are out of it. */
function shown(value: unknown): string {
  if (typeof value === 'object' || value === undefined) return kindOf(value);
  // What stands before an @, or after a ?, may be the credentials of a URL.
  const json = JSON.stringify(value)
    .replace(/^"?.*@/s, '"***@')
    .replace(/\?.*/s, '?***"');
  return json;
}

/** What kind of value it is, in words that give nothing of it away. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
