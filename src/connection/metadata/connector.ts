import { RefusedError } from '../../fivetran/http/errors.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { ConnectorType } from '../../fivetran/responses/connector-type.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { explainRefusal } from '../refusals.ts';
import type { DryRun } from '../results.ts';
import type { Context } from '../state.ts';
import { checkFields, isAvailable } from './check.ts';

/** Adds to a dry run what the metadata of the connector says about the request. */
export function checkConnector(
  spec: PresentSpec,
  {
    connector,
    existing,
    found,
  }: { connector: ConnectorType; existing: Connection | undefined; found: DryRun },
): void {
  const stage = connector.service_status;
  if (stage && !isAvailable(stage)) {
    found.warnings.push(
      `Service ${spec.service} is not generally available (${stage.replaceAll('_', ' ')}).`,
    );
  }
  if (!existing && needsConnectCard(spec, connector)) {
    found.warnings.push(
      `Service ${spec.service} cannot be authorized through the API. Finish the setup with a connect ` +
        'card (input connect_card_config) or in the dashboard.',
    );
  }
  const { problems, warnings } = checkFields(spec, connector, { isComplete: !existing });
  found.problems.push(...problems);
  found.warnings.push(...warnings);
}

/** Whether only a person can authorize the connector: it uses OAuth, and not through the API. */
const needsConnectCard = ({ request }: PresentSpec, connector: ConnectorType): boolean =>
  Object.keys(connector.auth.properties).some((field) => oauthFields.includes(field)) &&
  connector.supported_features.length > 0 &&
  !connector.supported_features.some(({ id }) => id === 'AUTHORIZATION_VIA_API') &&
  request.connect_card_config === undefined;

const oauthFields = ['client_access', 'refresh_token', 'access_token'];

/** What a read is for, and the permission of a system key that allows it. */
type Read = { permission: string; unchecked: string };
export const groupRead: Read = {
  permission: 'DESTINATION READ',
  unchecked: 'whether the group exists was',
};
export const metadataRead: Read = {
  permission: 'ACCOUNT READ',
  unchecked: 'the fields of config and auth were',
};

/**
 * What a read returned. `unknown`: Fivetran does not know the group or service, which is a problem.
 * `unchecked`: the API key may not read it, which is a warning.
 */
export async function readable<T>(
  response: Promise<T>,
  { permission, unchecked }: Read,
  { spec, found, ctx }: { spec: PresentSpec; found: DryRun; ctx: Context },
): Promise<T | 'unknown' | 'unchecked'> {
  try {
    return await response;
  } catch (error) {
    if (!(error instanceof RefusedError) || ![403, 404].includes(error.status)) throw error;
    if (error.status === 403) {
      found.warnings.push(
        `${error.message} So ${unchecked} not checked. A system key needs the permission ${permission} for it.`,
      );
      return 'unchecked';
    }
    const { message, hint } = await explainRefusal(error, spec, ctx);
    found.problems.push([message, hint].filter(Boolean).join(' '));
    return 'unknown';
  }
}
