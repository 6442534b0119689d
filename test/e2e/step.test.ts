import { entriesOf, resultsOf, scenariosBySchema } from '../harness/manifests.ts';
import { annotated, failureOf, groupsOf } from '../harness/reading.ts';
import { runBuiltStep } from '../harness/run-built-step.ts';

describe('the built action', () => {
  test('creates a connection: outputs, summary, log and exit code', async () => {
    const run = await runBuiltStep();
    const [id] = run.ids;
    expect(run).toMatchObject({ exitCode: 0, signal: null, sent: ['create'], annotations: [] });
    expect(run.outputs).toMatchObject({
      connection_id: id,
      result: 'created',
      setup_state: 'connected',
      failed_tests: '[]',
      dashboard_url: `https://fivetran.com/dashboard/connections/${id}/status`,
      error: '',
    });
    for (const text of [run.log, run.summary]) expect(text).toContain(id);
    expect(run.summary).toMatch(/^<h2>✅/);
  });

  test('fails with failed tests: annotations, multi-line outputs and exit code', async () => {
    const run = await runBuiltStep({}, { scenario: 'failed-tests' });
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ result: 'created', connection_id: run.ids[0] });
    expect(JSON.parse(run.outputs.failed_tests ?? '')).toHaveLength(1);
    expect(JSON.parse(run.outputs.setup_tests ?? '')).toHaveLength(3);
    expect(annotated(run, 'error')).toEqual([
      expect.stringMatching(/^Validating credentials: The source answered 401/),
      expect.stringContaining('1 of 3 setup tests failed'),
    ]);
    expect(run.outputs.error).toContain('1 of 3 setup tests failed');
    expect(run.summary).toMatch(/^<h2>❌/);
  });

  test('processes a manifest in YAML', async () => {
    const manifest = `
defaults: { group_id: decent_dropsy, service: 15five, destination_schema_names: FIVETRAN_NAMING }
connections:
  crm: { config: { schema: crm } }
  ads: { config: { schema: ads } }
`;
    const run = await runBuiltStep(
      { manifest },
      { scenarioFor: scenariosBySchema({ ads: 'failed-tests' }) },
    );
    expect(run.exitCode).toBe(1);
    expect(resultsOf(run)).toEqual({ crm: 'created', ads: 'failed created' });
    expect(entriesOf(run).crm?.connection_id).toBe(
      run.connections.find(({ schema }) => schema === 'crm')?.id,
    );
    expect(groupsOf(run).map(({ title }) => title)).toEqual(
      expect.arrayContaining([expect.stringContaining('crm'), expect.stringContaining('ads')]),
    );
    expect(failureOf(run)).toMatch(/1 of 2 connections failed: ads/);
  });

  test('reports invalid inputs without a request', async () => {
    const run = await runBuiltStep({ inputs: { sync_frequency: 7, config: 'schema: [' } });
    expect(run).toMatchObject({ exitCode: 1, sent: [] });
    expect(run.annotations.length).toBeGreaterThanOrEqual(2);
    expect(run.outputs).toMatchObject({ failed_tests: '[]', setup_tests: '[]', connections: '{}' });
    expect(run.summary).toContain('sync_frequency');
  });
});
