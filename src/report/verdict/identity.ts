import type { Outcome } from '../../connection/outcome.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { encodeSegment } from '../../text/format.ts';

/** What identifies a connection, as far as it is known. */
export type Identity = {
  id: string | undefined;
  name: string | undefined;
  service: string | undefined;
  group_id: string | undefined;
};

/** The identity that Fivetran returned, completed from the spec. */
export function identityOf({ connection }: Outcome, spec: ConnectionSpec): Identity {
  const wanted = wantedIdentity(spec);
  return {
    id: connection?.id ?? wanted.id,
    name: connection?.schema ?? wanted.name,
    service: connection?.service ?? wanted.service,
    group_id: connection?.group_id ?? wanted.group_id,
  };
}

/** The identity that a spec asks for. */
export function wantedIdentity(spec: ConnectionSpec): Identity {
  if (spec.state === 'present') {
    const { name, service, group_id } = spec;
    return { id: undefined, name, service, group_id };
  }
  const { target, expect } = spec;
  const { service } = expect;
  return target.kind === 'id'
    ? { id: target.connection_id, name: expect.name, service, group_id: expect.group_id }
    : { id: undefined, name: target.name, service, group_id: target.group_id };
}

/** `billing (postgres)`; a name that is the service's own is shown once. */
export function connectionLabel({ name, id, service }: Identity): string {
  const title = name ?? id ?? 'New connection';
  return service && service !== title ? `${title} (${service})` : title;
}

/** The page of a connection in the Fivetran dashboard. */
export const dashboardUrl = (id: string): string =>
  `https://fivetran.com/dashboard/connections/${encodeSegment(id)}/status`;
