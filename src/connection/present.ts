import type { Fivetran, TestOptions } from '../fivetran/client.ts';
import { FivetranError } from '../fivetran/errors.ts';
import { type RequestFields, requestFields } from '../inputs/fields.ts';
import { create } from './create.ts';
import { learn, type Progress } from './progress.ts';
import { settleTests } from './setup-tests.ts';

/** What a connection is to be. */
export type Wish = RequestFields;

/** What a step does with one connection needs. */
export type Tools = { fivetran: Fivetran; progress: Progress; say: (line: string) => void };

/**
 * Makes the connection exist, and its setup tests have results.
 *
 * @throws FivetranError when it can't; `progress` then holds what is known
 */
export async function present(wish: Wish, { fivetran, progress, say }: Tools): Promise<void> {
  const request = createRequest(wish);
  const creation = await create(fivetran, request, progress, say);
  if (creation.kind === 'taken') throw taken(creation.connection.id, creation.why);
  progress.result = 'created';
  learn(progress, creation.connection);
  if (wish.run_setup_tests === false) return;
  const options = testOptions(wish);
  if (!creation.answered) learn(progress, await fivetran.test(creation.connection.id, options));
  await settleTests(fivetran, progress, options, say);
}

/** The create request of a wish: the fields of the API that are set, and nothing else. */
export const createRequest = (wish: Wish): RequestFields =>
  Object.fromEntries(
    Object.keys(requestFields).flatMap((field) => {
      const value = wish[field as keyof RequestFields];
      return value === undefined ? [] : [[field, value]];
    }),
  );

/** What each run of the setup tests is told to trust, as the create was. */
const testOptions = ({ trust_certificates, trust_fingerprints }: Wish): TestOptions => ({
  trust_certificates,
  trust_fingerprints,
});

const taken = (id: string, why: string): FivetranError =>
  new FivetranError(
    `${why} The group already has a connection of this name: ${id}. Give another name in config, ` +
      'or delete that connection.',
  );
