import type { ConnectionSpec } from '../../src/inputs/fields.ts';
import { closeAll } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { startSandbox } from '../sandbox/sandbox.mjs';
import { converging } from './converging.ts';
import { act, existing } from './scene.ts';

afterEach(closeAll);

const usual = { group_id: '', service: '', config: '', destination_schema_names: '' };
const byId = { ...usual, state: 'absent', connection_id: 'crm_id' };
const byName = {
  ...usual,
  state: 'absent',
  group_id: 'decent_dropsy',
  config: { schema: 'crm' },
};
const ways = [
  ['by its id', byId, 'read'],
  ['by group and name', byName, 'look up'],
] as const;
const remove = { method: 'DELETE', path: '/v1/connections/{id}' };
const others = [
  existing({ id: 'longer_id', config: { schema: 'crm_2' } }),
  existing({ id: 'elsewhere_id', group_id: 'quaint_harbor' }),
];
const nothing = { group_id: undefined, service: undefined, config: undefined };
const spec = { ...nothing, state: 'absent', connection_id: 'crm_id' } as Partial<ConnectionSpec>;
const specs = {
  read: spec,
  'look up': { state: 'absent', service: undefined } as Partial<ConnectionSpec>,
};

describe.each(ways)('%s', (_way, inputs, find) => {
  test('a connection is deleted, and no other', async () => {
    const step = await act({ connections: [existing(), ...others], inputs });
    expect(step.sent).toEqual([find, 'delete']);
    expect(step.requests[1]?.path).toBe('/v1/connections/crm_id');
    expect(step.exitCode).toBe(0);
    expect(step.outputs).toMatchObject({ result: 'deleted', connection_id: 'crm_id' });
    expect(step.ids).toEqual(['longer_id', 'elsewhere_id']);
    expect(step.log + step.summary).not.toMatch(/error|fail|warn/i);
    expect(step.annotations).toEqual([]);
    for (const text of [step.log, step.summary]) expect(text).toContain('crm_id was deleted');
  });

  test('one that is not there is absent', async () => {
    const step = await act({ connections: others, inputs });
    expect(step.sent).toEqual([find]);
    expect(step.exitCode).toBe(0);
    expect(step.outputs).toEqual({ result: 'absent' });
    expect(step.log + step.summary).not.toMatch(/error|fail|warn/i);
    expect(step.summary).toMatch(/does not exist: nothing was there to delete/);
    expect(step.ids).toHaveLength(2);
  });

  test('removing twice is fine', async () => {
    const sandbox = await startSandbox({ connections: [existing()] });
    const steps = [await act({ sandbox, inputs }), await act({ sandbox, inputs })];
    await sandbox.close();
    expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(steps.map(({ outputs }) => outputs.result)).toEqual(['deleted', 'absent']);
  });

  test('one of the service that is given is deleted', async () => {
    const spec = { ...specs[find], service: '15five' };
    const run = await converging({ connections: [existing()], spec });
    expect(run.outputs.result).toBe('deleted');
  });

  test('one of another service is an error, and stays', async () => {
    const step = await act({ connections: [existing()], inputs: { ...inputs, service: 'github' } });
    expect(step.sent).toEqual([find]);
    expect(step.exitCode).toBe(1);
    expect(step.annotations).toHaveLength(1);
    expect(step.annotations[0]?.message).toMatch(/crm_id .*service is 15five.* github/);
    expect(step.ids).toEqual(['crm_id']);
  });

  test('a 404 that is not Fivetran’s says nothing of the connection', async () => {
    const run = await converging({
      connections: [existing()],
      faults: [{ method: 'GET', kind: 'html', status: 404 }],
      spec: specs[find],
    });
    expect(run.sent).toEqual([find]);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toContain('404');
    expect(run.outputs.result).not.toBe('absent');
    expect(run.ids).toEqual(['crm_id']);
  });
});

test('one of another group than the one given is an error, and stays', async () => {
  const elsewhere = { ...spec, group_id: 'quaint_harbor' };
  const run = await converging({ connections: [existing()], spec: elsewhere });
  expect(run.sent).toEqual(['read']);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toMatch(/group_id is decent_dropsy.* quaint_harbor/);
});

test.each(['../groups/decent_dropsy', 'a?limit=1', 'a/b', '.', '..', 'a#b'])(
  'the id %s reaches no other endpoint',
  async (connection_id) => {
    const { requests } = await converging({ spec: { ...spec, connection_id } });
    const elsewhere = requests.filter(({ path }) => !/^\/v1\/connections\/[^/]+$/.test(path));
    expect(elsewhere).toEqual([]);
  },
);

test.each(['NotFound_Connection', 'NotFound_Connector', 'NotFound_Integration'])(
  'Fivetran’s %s means absent, also when somebody else deleted it meanwhile',
  async (code) => {
    const gone = { kind: 'status', status: 404, body: { code, message: 'Gone' } } as const;
    const before = await converging({ spec, faults: [{ method: 'GET', ...gone }] });
    expect([before.sent, before.outputs.result]).toEqual([['read'], 'absent']);
    const faults = [{ ...remove, ...gone }];
    const meanwhile = await converging({ spec, connections: [existing()], faults });
    expect([meanwhile.sent, meanwhile.outputs.result]).toEqual([['read', 'delete'], 'absent']);
    expect(meanwhile.verdict.grade).toBe('passed');
  },
);

test.each<Fault>([
  { ...remove, kind: 'html', status: 404 },
  { ...remove, kind: 'status', status: 404, body: { code: 'RouteUnknown', message: 'no' } },
  { ...remove, kind: 'status', status: 403 },
])('a deletion that is refused is an error: %j', async (fault) => {
  const run = await converging({ connections: [existing()], faults: [fault], spec });
  expect(run.sent).toEqual(['read', 'delete']);
  expect(run.verdict.grade).toBe('failed');
  expect(run.verdict.sentence).toContain('Could not delete connection crm_id');
  expect(run.outputs.connection_id).toBe('crm_id');
  expect(run.outputs.result).not.toMatch(/absent|deleted/);
  expect(run.ids).toEqual(['crm_id']);
});

describe('a lost answer', () => {
  test.each<Partial<Fault> & Pick<Fault, 'kind'>>([
    { kind: 'reset' },
    { kind: 'reset', when: 'after' },
    { kind: 'cut' },
    { kind: 'html', status: 502, when: 'after' },
    { kind: 'status', status: 500, nth: [1, 2, 3], when: 'after' },
  ])('of the deletion: it is deleted (%j)', async (fault) => {
    const faults = [{ ...remove, ...fault }];
    const run = await converging({ spec, connections: [existing()], faults });
    expect(run.sent.slice(0, 3)).toEqual(['read', 'delete', 'delete']);
    expect(run.outputs).toMatchObject({ result: 'deleted', connection_id: 'crm_id' });
    expect(run.verdict.grade).toBe('passed');
    expect(run.sandbox.connections).toEqual([]);
  });

  test('of the look-up: it is asked for again', async () => {
    const faults: Fault[] = [{ method: 'GET', kind: 'cut' }];
    const run = await converging({ spec: specs['look up'], connections: [existing()], faults });
    expect(run.sent).toEqual(['look up', 'look up', 'delete']);
    expect(run.outputs.result).toBe('deleted');
  });

  test('each time: nobody claims to know what became of it', async () => {
    const faults: Fault[] = [{ ...remove, kind: 'reset', when: 'after', nth: 'all' }];
    const run = await converging({ spec, connections: [existing()], faults });
    expect(run.sent).toEqual(['read', 'delete', 'delete', 'delete', 'delete']);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toMatch(/Whether Connection crm_id is deleted is not known/i);
    expect(run.verdict.sentence).not.toMatch(/exists|was deleted/);
    expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
  });
});
