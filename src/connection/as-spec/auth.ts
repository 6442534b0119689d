import type { ConnectorType } from '../../fivetran/responses/connector-type.ts';
import type { Source } from './source.ts';

/** What a connection may have in `auth`, which Fivetran never returns, in a few words. */
export function authOf({ metadata }: Source): string[] {
  if (metadata.kind !== 'read' || !takesAuth(metadata.value)) return [];
  const isOAuth = Object.keys(metadata.value.auth.properties).some((field) =>
    oauth.includes(field),
  );
  return [isOAuth ? 'auth (an OAuth authorization)' : 'auth'];
}

/** Whether a service takes `auth`. */
export const takesAuth = ({ auth }: ConnectorType): boolean =>
  Object.keys(auth.properties).length > 0;

const oauth = ['client_access', 'refresh_token', 'access_token'];
