import type * as z from 'zod/mini';
import type { ConnectionName, ShortName } from '../fivetran/connection-name.ts';
import type { Pins } from '../fivetran/fingerprint.ts';
import type { connectionFields, RequestFields } from './fields/fields.ts';
import type { columnFields, tableFields } from './fields/selection-fields.ts';
import type { Path, Reporting } from './problem.ts';

export type { RequestFields };

/** The fields of a connection as the specs have them, with their defaults. */
type ConnectionValues = {
  [K in keyof typeof connectionFields]: z.output<(typeof connectionFields)[K]>;
};

/** The body of a create request, including `additional_fields`. */
export type CreateRequest = RequestFields & { group_id: string; service: string };

/** A value of a request with text that came through `${NAME}`. */
export type Variable = {
  /** The path within the request. */
  path: Path;
  /**
   * Whether it is text that reads as a number or a boolean, and that only metadata can tell from
   * one.
   */
  untyped: boolean;
};

/** A connection that should exist. */
export type PresentSpec = Pins &
  Pick<ConnectionValues, 'if_exists' | 'on_failed_tests'> & {
    state: 'present';
    group_id: string;
    service: string;
    /** The name that Fivetran derives from `config`; undefined when `config` does not name one. */
    name: string | undefined;
    /** The name after Fivetran's naming rules. */
    normalizedName: string | undefined;
    /** The name on a service that ignores one of the naming fields. */
    shortName: ShortName | undefined;
    request: CreateRequest;
    variables: readonly Variable[];
    /** Whether an update sends secrets again, which Fivetran never shows. */
    update_secrets: boolean;
    selection: SchemaSelection | undefined;
    wait_for_sync: false | { timeoutMinutes: number };
    /** What was copied from another connection. */
    copied?: Copied;
  };

/** What a report says about a copy: one sentence, and what to check. */
export type Copied = { sentence: string; warnings: readonly string[] };

/** A connection that should not exist. */
export type AbsentSpec = {
  state: 'absent';
  target:
    | { kind: 'id'; connection_id: string }
    | ({ kind: 'name'; group_id: string } & ConnectionName);
  /** What the connection must match; missing fields are not checked. */
  expect: { service?: string; group_id?: string; name?: string; normalizedName?: string };
  /** The connection that `copy_from` names, which is never deleted. */
  source?: string;
};

/** The desired state of one connection. */
export type ConnectionSpec = PresentSpec | AbsentSpec;

/** What to do with schemas, tables and columns that are not listed. */
export type SchemaChangeHandling = NonNullable<ConnectionValues['schema_change_handling']>;

/** The schemas, tables and columns to sync, by their names in the source. */
export type SchemaSelection = {
  schema_change_handling: SchemaChangeHandling;
  /** Empty when only the policy is set. */
  schemas: Record<string, SelectedSchema>;
  /** Names that the user wrote with `${NAME}`, see `pathAsWritten`. */
  written?: ReadonlyMap<string, string>;
};
export type SelectedSchema = {
  enabled: boolean;
  /** Undefined: all tables that exist. */
  tables: Record<string, SelectedTable> | undefined;
};
export type SelectedTable = {
  enabled: boolean;
  sync_mode: z.output<typeof tableFields.sync_mode>;
  columns: Record<string, SelectedColumn> | undefined;
};
/** A column; what is undefined stays as it is. */
export type SelectedColumn = { enabled: boolean } & {
  [K in Exclude<keyof typeof columnFields, 'enabled'>]?: z.output<(typeof columnFields)[K]>;
};

/** One connection of a manifest. */
export type Entry = { name: string; spec: ConnectionSpec };

/** The connections of a group that are to be written as a manifest. */
export type ExportTarget = {
  kind: 'export';
  /** The file, absolute and as the user wrote it. */
  path: string;
  written: string;
  group_id: string;
  /** The only connection to export. */
  connection_id: string | undefined;
  max_parallel: number;
};

/** All settings of the step, validated. */
export type Settings = Reporting & {
  api: {
    url: string;
    key: string;
    secret: string;
    timeoutSeconds: number;
    /** How long to wait for Fivetran's rate limit while no request gets through. */
    rateLimitWaitMinutes: number;
  };
  dry_run: boolean;
  /** What the inputs give reason to say, and that is no problem. */
  notices: readonly string[];
  target:
    | { kind: 'single'; spec: ConnectionSpec }
    | {
        kind: 'manifest';
        path: string;
        /** The manifest's connections, or those of this shard. */
        entries: Entry[];
        max_parallel: number;
        shard: string | undefined;
      }
    | ExportTarget;
};
