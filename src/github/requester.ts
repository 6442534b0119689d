import { setTimeout as sleep } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import { asMapping } from '../text/mapping.ts';
import { failureOf, type GitHubFailure } from './failure.ts';

/** One request to GitHub's API, and how to read the response. */
type GitHubRequest<T> = {
  /** Method and path, or method and URL. */
  route: string;
  parameters: Record<string, unknown>;
  /** Reads the response; undefined when it is not what was asked for. */
  read: (data: unknown) => T | undefined;
  /** What to say then, as a sentence. */
  unreadable: string;
};

/** How a request ended. */
export type GitHubResult<T> = { kind: 'answered'; data: T; hasNextPage: boolean } | GitHubFailure;

/** How to send requests, and how to wait before one is sent again. */
export type GitHubRequester = {
  /** Sends a request once. */
  send<T>(request: GitHubRequest<T>): Promise<GitHubResult<T>>;
  /** Sends a request that does no harm when it is repeated, until it is answered or refused. */
  sendWithRetries<T>(request: GitHubRequest<T>): Promise<GitHubResult<T>>;
  /** Waits before another try: full jitter below 1 s, 2 s, 4 s. */
  waitToRetry(tries: number): Promise<void>;
  /** How often a request is sent at most, the first time included. Here, as this file loads Octokit. */
  maxAttempts: number;
};

const maxAttempts = 4;

/**
 * Creates a requester.
 *
 * @param baseUrl of the API, without a slash at its end
 * @param signal ends requests and waits
 */
export function createGitHubRequester(
  token: string,
  baseUrl: string,
  signal: AbortSignal,
): GitHubRequester {
  const { request } = getOctokit(token, { baseUrl });

  const send: GitHubRequester['send'] = async ({ route, parameters, read, unreadable }) => {
    try {
      // As an option of Octokit, the signal would replace the defaults, which know the proxy.
      const response = await request(route, { ...parameters, request: { signal } });
      const { status, headers } = response;
      if (status >= 300) {
        const reason = `GitHub answered ${status}, a redirect, which is not followed. Check GITHUB_API_URL.`;
        return { kind: 'refused', status, reason };
      }
      const data = read(response.data);
      const { link } = asMapping(headers);
      if (data === undefined) return { kind: 'unanswered', reason: unreadable };
      return { kind: 'answered', data, hasNextPage: /rel="?next"?/.test(String(link)) };
    } catch (error) {
      return failureOf(error);
    }
  };

  const waitToRetry = (tries: number): Promise<void> =>
    sleep(Math.random() * 1000 * 2 ** (tries - 1), undefined, { signal });

  const sendWithRetries: GitHubRequester['sendWithRetries'] = async (wanted) => {
    for (let tries = 1; ; tries++) {
      const result = await send(wanted);
      if (result.kind !== 'unanswered' || tries === maxAttempts) return result;
      await waitToRetry(tries);
    }
  };

  return { send, sendWithRetries, waitToRetry, maxAttempts };
}
