import type { PlainName } from '../fivetran/connection-name.ts';
import type { Pins } from '../fivetran/fingerprint.ts';
import type { RequestFields } from './fields/fields.ts';

export type { RequestFields };

/** The body of a create request, including `additional_fields`. */
export type CreateRequest = RequestFields & { group_id: string; service: string };

/** A connection that should exist. */
export type PresentSpec = Pins & {
  state: 'present';
  group_id: string;
  service: string;
  /** The name that Fivetran derives from `config`; undefined when `config` does not name one. */
  name: string | undefined;
  /** The name on a service that ignores one of the naming fields. */
  plain?: PlainName | undefined;
  request: CreateRequest;
  if_exists: 'fail' | 'reuse' | 'update';
  on_failed_tests: 'keep' | 'pause' | 'delete';
  selection: SchemaSelection | undefined;
  wait_for_sync: false | { timeoutMinutes: number };
};

/** A connection that should not exist. */
export type AbsentSpec = {
  state: 'absent';
  target:
    | { connection_id: string }
    | { group_id: string; name: string; plain?: PlainName | undefined };
  /** What the connection must match; missing fields are not checked. */
  expect: { service?: string; group_id?: string; name?: string };
};

/** The desired state of one connection. */
export type ConnectionSpec = PresentSpec | AbsentSpec;

/** What to do with schemas, tables and columns that are not listed. */
export type SchemaChangeHandling = 'ALLOW_ALL' | 'ALLOW_COLUMNS' | 'BLOCK_ALL';

/** The schemas, tables and columns to sync, by their names in the source. */
export type SchemaSelection = {
  schema_change_handling: SchemaChangeHandling;
  /** Empty when only the policy is set. */
  schemas: Record<string, SchemaChoice>;
  /** Names that the user wrote with `${NAME}`, see `pathAsWritten`. */
  written?: ReadonlyMap<string, string>;
};
export type SchemaChoice = {
  enabled: boolean;
  /** Undefined: all tables that exist. */
  tables: Record<string, TableChoice> | undefined;
};
export type TableChoice = {
  enabled: boolean;
  sync_mode: 'SOFT_DELETE' | 'HISTORY' | 'LIVE' | undefined;
  columns: Record<string, ColumnChoice> | undefined;
};
export type ColumnChoice = { enabled: boolean; hashed: boolean | undefined };

/** One connection of a manifest. */
export type Entry = { name: string; spec: ConnectionSpec };

/** All settings of the step, validated. */
export type Settings = {
  api: { url: string; key: string; secret: string; timeoutSeconds: number };
  dry_run: boolean;
  summary: boolean;
  /** What writes the pull request comment, and tells it from others; undefined without `comment: true`. */
  comment: { github_token: string; comment_key: string } | undefined;
  work:
    | { kind: 'single'; spec: ConnectionSpec }
    | {
        kind: 'manifest';
        path: string;
        /** The manifest's connections, or those of this shard. */
        entries: Entry[];
        max_parallel: number;
        shard: string | undefined;
      };
};
