import { connectionName } from '../fivetran/connection-name.ts';
import type { RequestFields } from './fields/fields.ts';

/** Collects values that may be secret until the step's public identity is known. */
export type Masks = {
  /** Adds a value that is always masked. */
  secret(value: string): void;
  /** Adds a value that is masked unless it is a number or part of the public identity. */
  maybeSecret(value: string): void;
  /**
   * Adds to the public identity, which outputs, log and summary show: a name, a group, a service.
   */
  addPublicText(text: string): void;
  /** Masks the collected values. */
  apply(mask: (secret: string) => void): void;
};

/** The dashboard's URL, which is part of every step's public identity. */
const dashboard = 'https://fivetran.com/dashboard/connections/';

/**
 * GitHub drops every job output that contains a masked value, and masking a common word blanks the
 * log. A number, or a value that is part of the connection's public identity, is therefore masked
 * only under a key that names a secret.
 */
export function createMasks(): Masks {
  const secrets = new Set<string>();
  const suspects = new Set<string>();
  const identity = [dashboard];

  const isPublic = (value: string): boolean =>
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
    maybeSecret: (value) => suspects.add(value),
    addPublicText: (text) => identity.push(text.toLowerCase()),
    apply,
  };
}

/** Adds a connection's name, group, service and ID to the public identity. */
export function addPublicIdentity(
  fields: Pick<RequestFields, 'group_id' | 'service' | 'config'> & {
    connection_id?: string | undefined;
  },
  masks: Masks,
): void {
  const { group_id, service, config, connection_id } = fields;
  const { name, normalizedName } = connectionName(config) ?? {};
  for (const text of [group_id, service, connection_id, name, normalizedName]) {
    if (text) masks.addPublicText(text);
  }
}
