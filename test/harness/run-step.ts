import './one-realm.ts';
import type { Clock } from '../../src/fivetran/http/clock.ts';
import { CancelledError } from '../../src/fivetran/http/errors.ts';
import { createRuntime, main } from '../../src/main.ts';
import { stepEnvironment } from '../runner/step-environment.mjs';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.mjs';
import { temporaryFolder } from './cleanup.ts';
import { expectAccepted } from './manifest-schema.ts';
import { takeOverTimeouts } from './request-timeouts.ts';
import { recordingToolkit } from './runner-toolkit.ts';
import { BEGIN } from './sandboxes.ts';
import { inputTexts, type Step, type StepRun, seenBy, type World, workspaceWith } from './step.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** What a test can do during a step. */
type Controls = {
  /** Milliseconds since the step began. */
  ms: number;
  sandbox: Sandbox;
  /** Cancels the job. */
  cancel: () => void;
};

/** Fivetran as the step sees it, with a virtual clock. */
export type VirtualWorld = World & {
  /** Called after each wait of the step. */
  onWait?: (controls: Controls) => void;
  /** Called with each line of the step's log and of the sandbox's, as it is written. */
  onLine?: (line: string, controls: Controls) => void;
  /** The clock of the step and the sandbox; a fresh one when left out. */
  clock?: VirtualClock;
};

/** A step that ran in this process. */
export type VirtualStepRun = StepRun & {
  /** The lines of the log, each with the time in seconds at which it was written. */
  lines: { at: number; text: string }[];
  clock: VirtualClock;
};

/**
 * Runs the action in this process, without its handling of signals and crashes. Its waits take no
 * time: they move a clock that the step shares with its sandbox. A request that the sandbox leaves
 * hanging times out at once.
 */
export async function runStep(step: Step = {}, world: VirtualWorld = {}): Promise<VirtualStepRun> {
  const {
    sandbox: shared,
    prepare,
    onWait,
    onLine,
    clock: time = virtualClock(),
    ...options
  } = world;
  const { clockSkewMs = 0, log: onRequest = () => {} } = options;
  const controls = (): Controls => ({ ms: time.now(), sandbox, cancel: () => job.abort() });
  const job = new AbortController();
  const lines: VirtualStepRun['lines'] = [];
  const sandbox =
    shared ??
    (await startSandbox({
      now: () => BEGIN + clockSkewMs + time.now(),
      ...options,
      log(line) {
        onRequest(line);
        onLine?.(line, controls());
        if (line.endsWith('fault hang')) setImmediate(() => timeouts?.expire());
      },
    }));
  prepare?.(sandbox);
  const clock: Clock = {
    ...time,
    async sleep(ms) {
      await time.sleep(ms);
      onWait?.(controls());
      if (job.signal.aborted) throw new CancelledError('The run was cancelled.');
    },
  };
  const { toolkit, result } = recordingToolkit(inputTexts(step, sandbox), (text) => {
    lines.push({ at: time.now() / 1000, text });
    onLine?.(text, controls());
  });
  const runtime = createRuntime({ toolkit, env: environmentOf(step), clock, signal: job.signal });
  const earlier = sandbox.requests.length;
  const hangs = options.faults?.some(({ kind }) => kind === 'hang') ?? false;
  const timeouts = hangs ? takeOverTimeouts(time) : undefined;
  try {
    await main(runtime).catch((error) => runtime.log.fail(runtime.log.failureOf(error).message));
  } finally {
    timeouts?.restore();
    if (!shared) await sandbox.close();
  }
  const end = { ...result(), durationMs: time.now() };
  const seen = seenBy(sandbox, earlier, end);
  // What was sent shows that the action accepted the manifest.
  if (step.manifest !== undefined && seen.sent.length > 0) expectAccepted(step.manifest);
  return { ...seen, lines, clock: time };
}

let runner: NodeJS.ProcessEnv | undefined;

/** The environment of a step on a runner, with a workspace of its own when it has a manifest. */
function environmentOf({ env, manifest, event }: Step): NodeJS.ProcessEnv {
  const start = (data: unknown): NodeJS.ProcessEnv => {
    const folder = temporaryFolder();
    return stepEnvironment({ folder, workspace: folder, event: data });
  };
  runner ??= start({});
  return {
    ...(event === undefined ? runner : start(event)),
    ...(manifest !== undefined && { GITHUB_WORKSPACE: workspaceWith(manifest) }),
    ...env,
  };
}
