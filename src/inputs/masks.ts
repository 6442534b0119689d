/** The values of a run that may be secret, until it is known what the step says in public anyway. */
export type Masks = {
  /** A value that is hidden whatever it is. */
  secret(value: string): void;
  /** A value that is hidden unless it is a number or part of the public identity. */
  suspect(value: string): void;
  /** A text that outputs, log and summary show: a name, a group, a service. */
  publish(text: string): void;
  /** Masks what has been collected. */
  apply(mask: (secret: string) => void): void;
};

/** Where the dashboard shows a connection; part of every step's public identity. */
const dashboard = 'https://fivetran.com/dashboard/connections/';

/**
 * Collects secrets before they are masked. GitHub drops every job output that contains a masked
 * value, and a mask of a word that occurs everywhere blanks the log: so a number, or a value that is
 * part of the connection's public identity, is masked only where its key says that it is a secret.
 */
export function collectMasks(): Masks {
  const secrets = new Set<string>();
  const suspects = new Set<string>();
  const identity = [dashboard];

  const isPublic = (value: string): boolean =>
    value === '' ||
    /^[+-]?\d+([.,]\d+)?$/.test(value) ||
    identity.some((text) => text.includes(value.toLowerCase()));

  function apply(mask: (secret: string) => void): void {
    for (const secret of secrets) mask(secret);
    for (const suspect of suspects) {
      if (secrets.has(suspect)) continue;
      // Each line of a value is masked on its own, so each is judged on its own.
      const lines = suspect.split(/\r\n|\r|\n/).map((line) => line.trim());
      const hidden = lines.filter((line) => !isPublic(line));
      if (hidden.length === lines.filter(Boolean).length) hidden.splice(0, hidden.length, suspect);
      for (const part of hidden) if (!isPublic(part.trim())) mask(part);
    }
  }

  return {
    secret: (value) => secrets.add(value),
    suspect: (value) => suspects.add(value),
    publish: (text) => identity.push(text.toLowerCase()),
    apply,
  };
}
