import type { Connection } from '../fivetran/answers.ts';
import { FivetranError } from '../fivetran/errors.ts';
import { type RequestFields, requestFields, type Wish } from '../inputs/fields.ts';
import { create } from './create.ts';
import { namingFields } from './name.ts';
import { learn, retest, type Tools } from './progress.ts';
import { settleTests } from './setup-tests.ts';

/**
 * Makes the connection exist as the wish says, and its setup tests have results.
 *
 * @throws FivetranError when it can't; `tools.progress` then holds what is known
 */
export async function present(wish: Wish, tools: Tools): Promise<void> {
  const { fivetran, progress, say } = tools;
  if (wish.if_exists !== 'fail') {
    const { connection } = await fivetran.find(wish.group_id ?? '', progress.name ?? '');
    if (connection) return existing(connection, wish, tools);
  }
  const creation = await create(fivetran, createRequest(wish), progress, say);
  if (creation.kind === 'taken') {
    if (wish.if_exists === 'fail') throw taken(creation.connection, creation.why, wish);
    return existing(creation.connection, wish, tools);
  }
  progress.result = 'created';
  progress.made = true;
  learn(progress, creation.connection);
  await finish(wish, tools, creation.answered, creation.answered);
}

/** Goes on with a connection that is there, as `if_exists` says. */
async function existing(connection: Connection, wish: Wish, tools: Tools): Promise<void> {
  const { fivetran, progress, say } = tools;
  const { id, service = wish.service } = connection;
  if (service !== wish.service) throw otherService(connection, wish);
  const fields = wish.if_exists === 'update' ? patchRequest(wish) : {};
  const patched = Object.keys(fields).length > 0;
  learn(progress, connection);
  if (patched) {
    say(`Connection ${id} is there: updating ${Object.keys(fields).join(', ')}.`);
    learn(progress, await fivetran.update(id, fields));
  } else {
    say(`Connection ${id} is there: using it as it is.`);
  }
  progress.result = patched ? 'updated' : 'reused';
  await finish(wish, tools, patched);
}

/**
 * Sees to the results of the setup tests, and to the connect card.
 *
 * @param tested whether the last answer has the tests' results
 * @param created whether the create was answered, with a connect card if Fivetran gives one
 */
async function finish(wish: Wish, tools: Tools, tested: boolean, created = false): Promise<void> {
  const { fivetran, progress, say } = tools;
  const id = progress.connection?.id ?? '';
  if (wish.run_setup_tests !== false) {
    if (!tested) await retest(tools, id, wish);
    await settleTests(wish, tools);
  }
  const { connection } = progress;
  const { connect_card_config } = wish;
  const unfinished = connection && connection.status.setup_state !== 'connected';
  if (!connect_card_config || !unfinished || connection.connect_card.uri || created) return;
  try {
    const connect_card = await fivetran.connectCard(id, connect_card_config);
    learn(progress, { ...connection, connect_card });
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    progress.remarks.push(error.message);
    say(error.message);
  }
}

/** The create request of a wish: the fields of the API that are set, and nothing else. */
export const createRequest = (wish: Wish): RequestFields =>
  Object.fromEntries(
    Object.keys(requestFields).flatMap((field) => {
      const value = wish[field as keyof RequestFields];
      return value === undefined ? [] : [[field, value]];
    }),
  );

const createOnly = ['group_id', 'service', 'destination_schema_names', 'connect_card_config'];
/** What acts on the setup tests alone, and is refused with nothing beside it. */
const testsOnly = ['run_setup_tests', 'trust_certificates', 'trust_fingerprints'];

/** The patch of a wish: what may be patched of its create request; empty when nothing is left. */
export function patchRequest(wish: Wish): RequestFields {
  const without = (fields: object, names: readonly string[]): object =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  const fields: RequestFields = without(createRequest(wish), createOnly);
  if (fields.config) fields.config = { ...without(fields.config, namingFields) };
  for (const field of ['config', 'auth'] as const) {
    if (Object.keys(fields[field] ?? {}).length === 0) delete fields[field];
  }
  return Object.keys(without(fields, testsOnly)).length > 0 ? fields : {};
}

const taken = (connection: Connection, why: string, wish: Wish): FivetranError => {
  const { id, service = wish.service } = connection;
  if (service !== wish.service) {
    return new FivetranError(`${why} ${otherService(connection, wish).message}`);
  }
  return new FivetranError(
    `${why} The group already has a connection of this name: ${id}. Give another name in config, ` +
      'set if_exists to reuse or update, or delete that connection.',
  );
};

/** A connection of that name that is not what was wished for, whatever `if_exists` says. */
export const otherService = ({ id, service }: Connection, wish: Wish): FivetranError =>
  new FivetranError(
    `The connection of this name in the group, ${id}, is of service ${service}, not ${wish.service}. ` +
      'Give another name in config, or delete that connection.',
  );
