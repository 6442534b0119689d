import { FivetranError, RefusedError } from '../fivetran/http/errors.ts';
import type { PresentSpec } from '../inputs/spec.ts';
import { nearest } from '../text/nearest.ts';
import type { Context } from './state.ts';

/** Where Fivetran's reference lists the services. */
const reference = 'https://fivetran.com/docs/rest-api/api-reference/connections/create-connection';

/** The reference page of a service. */
export const referenceOf = (service: string): string =>
  `${reference}?service=${encodeURIComponent(service)}`;

/** Adds to a refusal what the user must change, where Fivetran's code tells. */
export async function explainRefusal(
  error: FivetranError,
  { group_id, service }: Pick<PresentSpec, 'group_id' | 'service'>,
  { fivetran }: Pick<Context, 'fivetran'>,
): Promise<FivetranError> {
  if (!(error instanceof RefusedError) || !error.isNotFound) return error;
  if (error.code === 'NotFound_Group') {
    return error.withHint(
      `group_id is ${group_id}, and the API key sees no group with this ID. It must be the group's ` +
        "ID, as in the dashboard's URL, not the destination's name.",
    );
  }
  if (error.code !== 'NotFound_Service') return error;
  const near = nearest(service, await servicesOf(fivetran));
  const meant = near ? ` Did you mean ${near}?` : '';
  return error.withHint(`Fivetran has no service ${service}.${meant} See ${reference}`);
}

/** All services; none where the API key may not list them. */
async function servicesOf(fivetran: Context['fivetran']): Promise<string[]> {
  try {
    return await fivetran.listConnectorTypes();
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    return [];
  }
}
