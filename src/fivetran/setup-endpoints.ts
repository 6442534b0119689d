import { identityWords, type PresentedIdentity } from './fingerprint.ts';
import { pathOf, type Requester } from './requester.ts';
import {
  type ConnectCard,
  type Connection,
  readConnectCard,
  readConnectionOf,
} from './responses/connection.ts';

/** Options that act on the setup tests alone and are not stored. */
type TestOptions = {
  trust_certificates?: boolean | undefined;
  trust_fingerprints?: boolean | undefined;
};

/** What is done about the setup of one connection. */
export type SetupEndpoints = {
  /** Runs the setup tests; returns the connection with their results. */
  test(id: string, options: TestOptions): Promise<Connection>;
  /** Approves one host key or certificate that a setup test presented. */
  approve(id: string, presented: PresentedIdentity): Promise<void>;
  /** Requests a connect card, with which an end user finishes the authorization. */
  connectCard(id: string, connect_card_config: object): Promise<ConnectCard>;
};

/**
 * The endpoints for the setup of a connection.
 *
 * @see https://fivetran.com/docs/rest-api/api-reference/connections
 */
export const createSetupEndpoints = ({ change, ensure }: Requester): SetupEndpoints => ({
  test: (id, options) =>
    change({
      method: 'POST',
      path: `${pathOf(id)}/test`,
      body: JSON.stringify(options),
      purpose: `run the setup tests of connection ${id}`,
      read: readConnectionOf(id),
    }),

  async approve(id, presented) {
    const [collection, identity] =
      presented.kind === 'host-key'
        ? ['fingerprints', { public_key: presented.public_key }]
        : ['certificates', { encoded_cert: presented.encoded_cert }];
    const { shortNoun } = identityWords[presented.kind];
    await ensure(`${pathOf(id)}/${collection}`, {
      purpose: `approve the ${shortNoun} ${presented.display} for connection ${id}`,
      body: JSON.stringify({ hash: presented.hash, ...identity }),
      apiVersion: 1,
      // The setup tests that follow show whether it was approved.
      acceptsAny2xx: true,
    });
  },

  connectCard: (id, connect_card_config) =>
    change({
      method: 'POST',
      path: `${pathOf(id)}/connect-card`,
      body: JSON.stringify({ connect_card_config }),
      purpose: `get a connect card for connection ${id}`,
      read: readConnectCard,
    }),
});
