import { seededRandom } from '../harness/random.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep, type VirtualStepRun, type VirtualWorld } from '../harness/run-step.ts';
import { selected, shop, source } from './table-selection-shop.ts';

/*
 * The dry run and the real run of the same step against the same group. Whatever the dry run foretells,
 * the real run has to do, and nothing else.
 */

const { config, schema_change_handling, schemas } = shop;
const selection = { schema_change_handling, schemas };

/** One value of each dimension, by name; absent values are `undefined`. */
const dimensions = {
  state: ['present', 'present', 'present', 'absent'],
  if_exists: ['fail', 'reuse', 'update', 'update'],
  paused: [undefined, true, false],
  run_setup_tests: [undefined, false],
  wait_for_sync: [undefined, true],
  selection: [undefined, selection],
  /** A field with another value than the existing connection has. */
  sync_frequency: [undefined, 5],
  exists: [true, true, true, false],
  service: ['postgres', 'postgres', 'postgres', 'postgres', 'mysql'],
  setup_state: ['connected', 'connected', 'incomplete', 'broken'],
  /** Whether the state stays when the tests run, although all pass. */
  stays: [false, false, true],
  isPaused: [true, false],
  hasSynced: [true, false],
  tree: ['unread', 'same', 'other'],
} as const;

type Case = { [K in keyof typeof dimensions]: (typeof dimensions)[K][number] };

const cases = (count: number): Case[] => {
  const random = seededRandom(17);
  const choose = (values: readonly unknown[]) => values[Math.floor(random() * values.length)];
  return Array.from({ length: count }, () => {
    const chosen = Object.entries(dimensions).map(([name, values]) => [name, choose(values)]);
    return Object.fromEntries(chosen) as Case;
  });
};

function inputsOf(one: Case): Record<string, unknown> {
  if (one.state === 'absent') {
    return { state: 'absent', service: 'postgres', config, destination_schema_names: '' };
  }
  const { if_exists, paused, run_setup_tests, wait_for_sync, sync_frequency } = one;
  return {
    service: 'postgres',
    config,
    ...one.selection,
    ...Object.fromEntries(
      Object.entries({ if_exists, paused, run_setup_tests, wait_for_sync, sync_frequency }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
  };
}

/** The states in which a scenario leaves a connection although its tests pass. */
const staying = { connected: 'connected', incomplete: 'incomplete', broken: 'broken' };

function worldOf(one: Case): VirtualWorld {
  const { exists, service, setup_state, stays, isPaused, hasSynced, tree } = one;
  const seed = {
    id: 'shop_id',
    service,
    schema: 'shop',
    config: { ...config },
    paused: isPaused,
    destination_schema_names: 'FIVETRAN_NAMING',
    sync_frequency: 60,
    setup_state,
    scenario: stays ? staying[setup_state] : 'connected',
    ...(hasSynced && { succeeded_at: '2026-01-01T00:00:00.000000Z' }),
    ...(tree === 'same' && { selection: selected }),
    ...(tree === 'other' && { reload: 'PRESERVE' as const }),
  };
  return { sourceTree: { postgres: source }, ...(exists && { connections: [seed] }) };
}

const linesOf = ({ log }: VirtualStepRun, mark: string): string[] =>
  log.split('\n').flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));

/** The fields that a run patched, as a dry run names them. */
const patchedFields = (body: unknown): string[] =>
  Object.entries(body as Record<string, unknown>)
    .flatMap(([name, value]) =>
      name === 'config' ? Object.keys(value as object).map((key) => `config.${key}`) : [name],
    )
    .filter((name) => name !== 'run_setup_tests')
    .toSorted();

/** Whether a patch only pauses or unpauses, without tests. */
const isPause = (body: unknown): boolean => {
  const { paused, run_setup_tests, ...others } = body as Record<string, unknown>;
  return typeof paused === 'boolean' && run_setup_tests === false && isEmpty(others);
};
const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

type Claim = { when: boolean; holds: () => boolean };

/** What a dry run foretold, held against what the real run did. */
function claimsOf(one: Case, dry: VirtualStepRun, real: VirtualStepRun): Record<string, Claim> {
  const { plan = '' } = dry.outputs;
  const steps = linesOf(dry, 'Plan: ');
  const problems = dry.annotations.filter(({ title }) => title === 'Dry run');
  const hasProblems = problems.some(({ level }) => level === 'error');
  const warns = (words: RegExp) =>
    problems.some(({ level, message }) => level === 'warning' && words.test(message));
  const says = (words: RegExp): boolean => steps.some((step) => words.test(step));
  const { result = '' } = real.outputs;
  const isPresent = one.state === 'present' && plan !== 'refuse';
  const tests = JSON.parse(real.outputs.setup_tests ?? '[]') as unknown[];
  const [stored] = real.connections;
  // What only the tests can tell: whether they make the connection sound.
  const isForeseeable =
    !one.exists || !one.stays || one.setup_state === 'connected' || one.run_setup_tests === false;
  const goesOn = isPresent && isForeseeable;
  const changesOf = (run: VirtualStepRun): string[] =>
    (run.outputs.changes ?? '')
      .split('\n')
      .filter(
        (line) => line !== '' && !/^(schema|table|column) |^schema_change_handling:/.test(line),
      )
      .map((line) => line.replace(/:? .*$/, ''));
  // Unpausing after the selection is a change of its own.
  const unpauses = says(/^Unpause/);
  const changes = changesOf(dry).filter((field) => !(unpauses && field === 'paused'));
  const patches = bodies(real, 'patch');
  const update = changes.length > 0 ? patches.shift() : {};
  const unpaused = patches.some((body) => (body as { paused?: boolean }).paused === false);
  const wasUnread = one.exists && one.tree === 'unread' && !one.hasSynced;
  const knowsTree = goesOn && one.selection !== undefined && one.exists && !wasUnread;
  const sent = (name: string): boolean => real.sent.includes(name);
  return {
    'problems: the real run fails': { when: hasProblems, holds: () => real.exitCode === 1 },
    'no problems: the real run succeeds': {
      when: !hasProblems && isForeseeable,
      holds: () => real.exitCode === 0,
    },
    'plan create': { when: plan === 'create', holds: () => result === 'created' },
    'plan update': { when: plan === 'update' && goesOn, holds: () => result === 'updated' },
    'plan reuse': { when: plan === 'reuse' && goesOn, holds: () => result === 'reused' },
    'plan reuse: nothing is patched': {
      when: plan === 'reuse',
      holds: () => !sent('patch') && !sent('patch schemas'),
    },
    'plan delete': { when: plan === 'delete', holds: () => result === 'deleted' },
    'plan nothing': { when: plan === 'nothing', holds: () => result === 'absent' },
    'plan refuse: nothing is done': {
      when: plan === 'refuse',
      holds: () =>
        result === '' && real.exitCode === 1 && !/patch|delete|test|sync/.test(`${real.sent}`),
    },
    'the tests run': {
      when: isPresent && says(/^Run the setup tests/),
      holds: () => tests.length > 0,
    },
    'no tests run': {
      when: isPresent && !says(/^Run the setup tests/),
      holds: () => tests.length === 0 && !sent('test'),
    },
    'it is unpaused': { when: goesOn && unpauses, holds: () => unpaused },
    'it is not unpaused': {
      when: goesOn && one.exists && !unpauses,
      holds: () => !unpaused,
    },
    'a sync is started': { when: goesOn && says(/^Start a sync/), holds: () => sent('sync') },
    'no sync is started': {
      when: isPresent && !says(/^Start a sync/),
      holds: () => !sent('sync'),
    },
    'the fields that change': {
      when: one.exists && isPresent,
      holds: () => `${changes.toSorted()}` === `${patchedFields(update)}` && patches.every(isPause),
    },
    'both name the same fields': {
      when: goesOn && result === 'updated' && !hasProblems,
      holds: () => `${changesOf(dry)}` === `${changesOf(real)}`,
    },
    'the selection changes': {
      when: knowsTree && says(/selection of connection/),
      holds: () => sent('patch schemas'),
    },
    'the selection stays': {
      when: isPresent && !says(/selection|schema|policy|table/i),
      holds: () => !sent('patch schemas') && !sent('set schemas') && !sent('reload schemas'),
    },
    'it warns that it is paused: it stays so': {
      when: warns(/ is paused/),
      holds: () => stored?.paused === true,
    },
    'the id': {
      when: one.exists && plan !== 'nothing',
      holds: () => dry.outputs.connection_id === 'shop_id',
    },
  };
}

test('what a dry run foretells, the real run does', async () => {
  const applied = new Map<string, number>();
  for (const one of cases(180)) {
    const inputs = inputsOf(one);
    const real = await runStep({ inputs }, worldOf(one));
    const dry = await runStep({ inputs: { ...inputs, dry_run: true } }, worldOf(one));
    expect(dry.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    // Inputs that contradict each other end both runs before the first request.
    if (real.sent.length === 0) {
      expect([dry.sent, dry.exitCode, real.exitCode]).toEqual([[], 1, 1]);
      continue;
    }
    for (const [claim, { when, holds }] of Object.entries(claimsOf(one, dry, real))) {
      applied.set(claim, (applied.get(claim) ?? 0) + Number(when));
      if (!when || holds()) continue;
      const found = { dry: dry.log, sent: real.sent, failure: failureOf(real), real: real.log };
      expect({ claim, one, ...found }).toBe('true');
    }
  }
  expect([...applied].filter(([, count]) => count === 0)).toEqual([]);
}, 120_000);
