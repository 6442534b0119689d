import { readFileSync } from 'node:fs';
import { asMapping } from '../text/mapping.ts';

/** A pull request of the repository that the workflow runs in. */
export type PullRequest = { owner: string; repo: string; number: number };

/**
 * The pull request that the workflow runs for, from the event that started it: one of the
 * `pull_request` events, or a comment on a pull request. Undefined when there is none.
 */
export function pullRequestOf(env: NodeJS.ProcessEnv): PullRequest | undefined {
  const [owner, repo] = (env.GITHUB_REPOSITORY ?? '').split('/');
  const number = numberIn(readEvent(env.GITHUB_EVENT_PATH));
  return owner && repo && number !== undefined ? { owner, repo, number } : undefined;
}

/** @see https://docs.github.com/webhooks/webhook-events-and-payloads */
function numberIn(event: unknown): number | undefined {
  const { pull_request, issue } = asMapping(event);
  const commented = asMapping(issue).pull_request === undefined ? undefined : issue;
  const { number } = asMapping(pull_request ?? commented);
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function readEvent(path: string | undefined): unknown {
  if (!path) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
