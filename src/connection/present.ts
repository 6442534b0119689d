import type { Connection } from '../fivetran/answers.ts';
import { namingFields } from '../fivetran/connection-name.ts';
import { FivetranError } from '../fivetran/errors.ts';
import { type ConnectionSpec, type RequestFields, requestFields } from '../inputs/fields.ts';
import { create } from './create.ts';
import { rerunSetupTests } from './setup-tests.ts';
import { type Context, observe, runSetupTests } from './state.ts';

/**
 * Makes the connection exist as the wish says, and its setup tests have results.
 *
 * @throws FivetranError when it can't; `tools.progress` then holds what is known
 */
export async function present(spec: ConnectionSpec, context: Context): Promise<void> {
  const { fivetran, state, say } = context;
  if (spec.if_exists !== 'fail') {
    const { connection } = await fivetran.find(spec.group_id ?? '', state.name ?? '');
    if (connection) return existing(connection, spec, context);
  }
  const creation = await create(fivetran, createRequest(spec), state, say);
  if (creation.kind === 'taken') {
    if (spec.if_exists === 'fail') throw taken(creation.connection, creation.why, spec);
    return existing(creation.connection, spec, context);
  }
  state.result = 'created';
  state.made = true;
  observe(state, creation.connection);
  await finish(spec, context, creation.answered, creation.answered);
}

/** Goes on with a connection that is there, as `if_exists` says. */
async function existing(
  connection: Connection,
  spec: ConnectionSpec,
  context: Context,
): Promise<void> {
  const { fivetran, state, say } = context;
  const { id, service = spec.service } = connection;
  if (service !== spec.service) throw otherService(connection, spec);
  const fields = spec.if_exists === 'update' ? patchRequest(spec) : {};
  const patched = Object.keys(fields).length > 0;
  observe(state, connection);
  if (patched) {
    say(`Connection ${id} is there: updating ${Object.keys(fields).join(', ')}.`);
    observe(state, await fivetran.update(id, fields));
  } else {
    say(`Connection ${id} is there: using it as it is.`);
  }
  state.result = patched ? 'updated' : 'reused';
  await finish(spec, context, patched);
}

/**
 * Sees to the results of the setup tests, and to the connect card.
 *
 * @param tested whether the last answer has the tests' results
 * @param created whether the create was answered, with a connect card if Fivetran gives one
 */
async function finish(
  spec: ConnectionSpec,
  context: Context,
  tested: boolean,
  created = false,
): Promise<void> {
  const { fivetran, state, say } = context;
  const id = state.connection?.id ?? '';
  if (spec.run_setup_tests !== false) {
    if (!tested) await runSetupTests(context, id, spec);
    await rerunSetupTests(spec, context);
  }
  const { connection } = state;
  const { connect_card_config } = spec;
  const unfinished = connection && connection.status.setup_state !== 'connected';
  if (!connect_card_config || !unfinished || connection.connect_card.uri || created) return;
  try {
    const connect_card = await fivetran.connectCard(id, connect_card_config);
    observe(state, { ...connection, connect_card });
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    state.notes.push(error.message);
    say(error.message);
  }
}

/** The create request of a wish: the fields of the API that are set, and nothing else. */
export const createRequest = (spec: ConnectionSpec): RequestFields =>
  Object.fromEntries(
    Object.keys(requestFields).flatMap((field) => {
      const value = spec[field as keyof RequestFields];
      return value === undefined ? [] : [[field, value]];
    }),
  );

const createOnly = ['group_id', 'service', 'destination_schema_names', 'connect_card_config'];
/** What acts on the setup tests alone, and is refused with nothing beside it. */
const testsOnly = ['run_setup_tests', 'trust_certificates', 'trust_fingerprints'];

/** The patch of a wish: what may be patched of its create request; empty when nothing is left. */
export function patchRequest(spec: ConnectionSpec): RequestFields {
  const without = (fields: object, names: readonly string[]): object =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  const fields: RequestFields = without(createRequest(spec), createOnly);
  if (fields.config) fields.config = { ...without(fields.config, namingFields) };
  for (const field of ['config', 'auth'] as const) {
    if (Object.keys(fields[field] ?? {}).length === 0) delete fields[field];
  }
  return Object.keys(without(fields, testsOnly)).length > 0 ? fields : {};
}

const taken = (connection: Connection, why: string, spec: ConnectionSpec): FivetranError => {
  const { id, service = spec.service } = connection;
  if (service !== spec.service) {
    return new FivetranError(`${why} ${otherService(connection, spec).message}`);
  }
  return new FivetranError(
    `${why} The group already has a connection of this name: ${id}. Give another name in config, ` +
      'set if_exists to reuse or update, or delete that connection.',
  );
};

/** A connection of that name that is not what was wished for, whatever `if_exists` says. */
export const otherService = ({ id, service }: Connection, spec: ConnectionSpec): FivetranError =>
  new FivetranError(
    `The connection of this name in the group, ${id}, is of service ${service}, not ${spec.service}. ` +
      'Give another name in config, or delete that connection.',
  );
