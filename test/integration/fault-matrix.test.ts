import { failureOf } from '../harness/reading.ts';
import { runStep, type VirtualStepRun, type VirtualWorld } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { shop, source } from './table-selection-shop.ts';

/*
 * Every fault at every request of every kind of step, one and two in a row. Whatever happens, what the
 * step says has to agree with what the sandbox then has.
 */

const faults: Omit<Fault, 'nth'>[] = [
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'hang', when: 'after' },
  { kind: 'status', status: 500 },
  { kind: 'html', status: 502, when: 'after' },
  { kind: 'invalid-json', when: 'after' },
  { kind: 'empty' },
  { kind: 'cut' },
  { kind: 'cut-json' },
  { kind: 'no-id' },
  { kind: 'rate-limit' },
  { kind: 'status', status: 401 },
  { kind: 'html', status: 403 },
  { kind: 'html', status: 404 },
  { kind: 'status', status: 409 },
];

/** The faults of the request at this position, or of it and the next one. */
const patterns = (position: number): Fault[][] => [
  ...faults.map((fault) => [{ ...fault, nth: position }]),
  ...faults.slice(0, 4).map((fault) => [{ ...fault, nth: [position, position + 1] }]),
  ...faults.slice(0, 2).flatMap((lost) =>
    faults.slice(-4).map((refusal) => [
      { ...lost, nth: position },
      { ...refusal, nth: position + 1 },
    ]),
  ),
];

type Case = {
  inputs: Record<string, unknown>;
  world?: VirtualWorld;
  /** Whether the sandbox is in the state that a successful step promises. */
  isReached: (stored: Record<string, unknown> | undefined) => boolean;
};

const setupState = (stored: Record<string, unknown> | undefined): unknown =>
  (stored?.status as { setup_state?: unknown } | undefined)?.setup_state;
const isConnected: Case['isReached'] = (stored) => setupState(stored) === 'connected';
const isGone: Case['isReached'] = (stored) => stored === undefined;
const connections = [existing()];

const cases: Record<string, Case> = {
  create: { inputs: {}, isReached: isConnected },
  'create without tests': { inputs: { run_setup_tests: false }, isReached: Boolean },
  'reuse a missing one': { inputs: { if_exists: 'reuse' }, isReached: isConnected },
  reuse: { inputs: { if_exists: 'reuse' }, world: { connections }, isReached: isConnected },
  update: {
    inputs: { if_exists: 'update', sync_frequency: 5 },
    world: { connections },
    isReached: (stored) => stored?.sync_frequency === 5,
  },
  'absent by name': {
    inputs: { state: 'absent', destination_schema_names: '' },
    world: { connections },
    isReached: isGone,
  },
  'absent by id': {
    inputs: {
      state: 'absent',
      connection_id: 'crm_id',
      ...{ group_id: '', service: '', config: '', destination_schema_names: '' },
    },
    world: { connections },
    isReached: isGone,
  },
  'failed tests, delete': {
    inputs: { on_failed_tests: 'delete' },
    world: { scenario: 'failed-tests' },
    isReached: () => false,
  },
  'failed tests, pause': {
    inputs: { on_failed_tests: 'pause' },
    world: { scenario: 'failed-tests' },
    isReached: () => false,
  },
  'pinned host key': {
    inputs: { trusted_fingerprints: hostKeyFingerprint },
    world: { scenario: 'host-key-unknown' },
    isReached: isConnected,
  },
  'table selection': {
    inputs: shop,
    world: { sourceTree: { postgres: source } },
    isReached: (stored) => stored?.paused === false,
  },
  'wait for a sync': {
    inputs: { wait_for_sync: true, sync_timeout_minutes: 2 },
    isReached: (stored) => stored?.succeeded_at !== null,
  },
};

type Claim = { when: boolean; holds: boolean };

/** Each claim of a step, when it is made, and whether it agrees with what the sandbox has. */
function claimsOf({ isReached, world }: Case, run: VirtualStepRun): Record<string, Claim> {
  const { outputs, connections: stored } = run;
  const [connection] = stored;
  const { result = '', connection_id: id = '' } = outputs;
  const failure = failureOf(run);
  const exists = stored.some((one) => one.id === id);
  const isNew = connection !== undefined && !world?.connections;
  const says = (pattern: RegExp): boolean => pattern.test(run.log);
  const isPaused = connection?.paused === true;
  return {
    'at most one connection exists': { when: true, holds: stored.length <= 1 },
    'exit code 0 only in the desired state': {
      when: run.exitCode === 0,
      holds: isReached(connection),
    },
    'result created, reused or updated': {
      when: /created|reused|updated/.test(result),
      holds: exists,
    },
    'result deleted or absent': { when: /deleted|absent/.test(result), holds: !exists },
    'a new connection is named or may exist': {
      when: isNew,
      holds: id !== '' || /may exist/.test(failure),
    },
    'Connection … exists': { when: /Connection \S+ exists\b/.test(failure), holds: exists },
    'it still existed': { when: says(/still existed when it was read/), holds: exists },
    'Deleted connection': { when: says(/Deleted connection/), holds: !exists },
    'it was not paused': { when: says(/was not paused when it was read/), holds: !isPaused },
    'Paused connection': { when: says(/Paused connection/), holds: isPaused },
    'it stays paused': { when: /stays paused/.test(failure), holds: isPaused },
    'fields still differed': {
      when: says(/still differed when the connection was read/),
      holds: !isReached(connection),
    },
    'no stack': { when: true, holds: !/\bat .*\.ts:\d/.test(run.printed) },
    'it says why it failed': { when: run.exitCode !== 0, holds: failure !== '' },
    'the id is true': { when: id !== '', holds: exists || run.sandbox.state.deleted.includes(id) },
  };
}

/** The cases that ran to their end. */
const ran = new Set<string>();
/** How often each claim was made. */
const made = new Map<string, number>();

/** The false claims of a step. */
function falseClaims(oneCase: Case, run: VirtualStepRun): string[] {
  return Object.entries(claimsOf(oneCase, run)).flatMap(([claim, { when, holds }]) => {
    made.set(claim, (made.get(claim) ?? 0) + Number(when));
    return when && !holds ? [claim] : [];
  });
}

test.each(Object.entries(cases))('%s', async (name, oneCase) => {
  const { inputs, world = {} } = oneCase;
  const clean = await runStep({ inputs }, world);
  expect(falseClaims(oneCase, clean)).toEqual([]);
  const positions = Math.min(clean.sent.length, 6);
  for (let position = 1; position <= positions; position++) {
    for (const pattern of patterns(position)) {
      const run = await runStep({ inputs }, { ...world, faults: pattern });
      const claims = falseClaims(oneCase, run);
      if (claims.length > 0) expect({ claims, pattern, sent: run.sent, log: run.log }).toBe('true');
    }
  }
  ran.add(name);
});

// In any order of the cases, and only when all of them ran.
afterAll(() => {
  if (ran.size < Object.keys(cases).length) return;
  expect([...made].filter(([, count]) => count === 0)).toEqual([]);
});
