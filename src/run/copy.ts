import { copySource } from '../connection/as-spec/copy.ts';
import { readSource, type Source } from '../connection/as-spec/source.ts';
import { createClient, type FivetranClient } from '../fivetran/client.ts';
import { CancelledError } from '../fivetran/http/errors.ts';
import type { Session } from '../fivetran/http/session.ts';
import type { Copy, Draft, DraftTarget } from '../inputs/draft.ts';
import { emptyLayer } from '../inputs/layer.ts';
import { InputError, type Problem } from '../inputs/problem.ts';
import type { Settings } from '../inputs/spec.ts';
import { inParallel } from './in-parallel.ts';
import type { Runtime } from './job.ts';

/**
 * Reads the sources of drafts, each once, and completes the drafts.
 *
 * @throws InputError with all problems at once; nothing was changed
 */
export async function completeDrafts(
  { drafts, max_parallel, complete }: DraftTarget,
  reporting: Pick<Settings, 'summary' | 'comment'>,
  session: Session,
  runtime: Runtime,
): Promise<Settings['target']> {
  const { log } = runtime;
  const fivetran = createClient(session, log.info);
  const sources = new Map<string, Promise<Source | undefined>>();
  const copies = new Map<Draft, Copy>();
  let end: Problem | undefined;
  await inParallel(drafts, max_parallel, async (draft) => {
    const { copy_from } = draft;
    try {
      const reading = sources.get(copy_from) ?? readSource(copy_from, fivetran);
      sources.set(copy_from, reading);
      copies.set(draft, await copyOf(await reading, draft, fivetran));
    } catch (error) {
      const { message, hint, endsRun } = log.failureOf(error);
      const problem = { path: ['copy_from'], message: [message, hint].filter(Boolean).join(' ') };
      if (endsRun || error instanceof CancelledError) end ??= problem;
      copies.set(draft, withProblem(problem));
    }
  });
  const { summary, comment } = reporting;
  const fail = (problems: readonly Problem[]): InputError =>
    new InputError(problems, { summary, comment }, 'Nothing was changed in Fivetran.');
  // It concerns every draft alike.
  if (end) throw fail([end]);
  const { target, problems } = await complete(drafts.flatMap((draft) => copies.get(draft) ?? []));
  if (problems.length > 0 || !target) throw fail(problems);
  return target;
}

async function copyOf(
  source: Source | undefined,
  draft: Draft,
  fivetran: FivetranClient,
): Promise<Copy> {
  if (source) return copySource(source, draft, fivetran);
  return withProblem({
    path: ['copy_from'],
    message: `connection ${draft.copy_from} does not exist. Check the ID, and that the API key may read it.`,
  });
}

/** A copy of a source that could not be read: the rules about the draft would only repeat that. */
const withProblem = (problem: Problem): Copy => ({
  layer: emptyLayer,
  copied: { sentence: '', warnings: [] },
  problems: [problem],
});
