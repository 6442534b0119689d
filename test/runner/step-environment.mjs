import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files that a step writes for the runner, by the suffix of their variable. */
const FILES = ['OUTPUT', 'STEP_SUMMARY', 'STATE', 'ENV', 'PATH'];

/**
 * Where a step runs, and why.
 * @typedef {object} StepContext
 * @property {string} folder for the runner's files
 * @property {string} workspace
 * @property {unknown} event payload of the webhook event that started the workflow
 */

/**
 * Creates the runner's files, empty, and returns the environment that the runner gives to a step.
 * @param {StepContext} context
 * @returns {Record<string, string>}
 */
export function stepEnvironment({ folder, workspace, event }) {
  const files = FILES.map((name) => [`GITHUB_${name}`, join(folder, name.toLowerCase())]);
  for (const [, file = ''] of files) writeFileSync(file, '');
  const eventPath = join(folder, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event));
  return {
    CI: 'true',
    GITHUB_ACTION: 'fivetran',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_JOB: 'connect',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'octo-org/warehouse',
    GITHUB_REPOSITORY_OWNER: 'octo-org',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_RUN_NUMBER: '3',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_WORKFLOW: 'Connect',
    GITHUB_WORKSPACE: workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folder,
    RUNNER_TOOL_CACHE: folder,
    ...Object.fromEntries(files),
  };
}
