import { runStep } from '../harness/run-step.ts';
import { foreignMarkup, readable, rowsOf } from '../project/markup.ts';

/** The blocks of a summary, as a reader sees them. */
const blocksOf = (summary: string) => summary.trim().split('\n\n').map(readable);

test('a connected connection has a heading, a line of facts with its link, and its tests', async () => {
  const { summary, ids } = await runStep();
  const [heading, facts] = blocksOf(summary);
  expect(heading).toBe('✅ crm (15five): created and connected');
  expect(facts).toBe(
    `Connection ${ids[0]} · group decent_dropsy · setup connected · sync scheduled`,
  );
  expect(summary).toContain(
    `<a href="https://fivetran.com/dashboard/connections/${ids[0]}/status">${ids[0]}</a>`,
  );
  expect(rowsOf(summary)).toEqual([
    ['Result', 'Setup test'],
    ['✅ PASSED', 'Connecting to the source'],
    ['✅ PASSED', 'Validating credentials'],
    ['✅ PASSED', 'Checking permissions'],
  ]);
  expect(summary).toContain('<details><summary>3 setup tests passed</summary><table>');
  expect(summary).not.toContain('Next:');
  expect(foreignMarkup(summary)).toEqual([]);
});

test('input errors are listed, and say that nothing was sent', async () => {
  const { summary } = await runStep({ inputs: { service: '', paused: 'maybe' } });
  expect(blocksOf(summary)[0]).toMatch(/^❌ .*2 problems with the inputs/);
  expect(readable(summary)).toContain('Nothing was sent to Fivetran');
  expect(summary.match(/<li>.*?<\/li>/g)?.map(readable)).toEqual([
    expect.stringMatching(/^paused: .*"maybe"/),
    expect.stringMatching(/^service: required/),
  ]);
  expect(foreignMarkup(summary)).toEqual([]);
});

test('a taken name is a short heading with the next step', async () => {
  const { summary } = await runStep({}, { scenario: 'conflict' });
  const blocks = blocksOf(summary);
  expect(blocks[0]).toMatch(/: not created \(the name is taken\)$/);
  expect(blocks.at(-1)).toMatch(/^Next: Set if_exists to reuse or update/);
});

test('summary: false writes no summary', async () => {
  const run = await runStep({ inputs: { summary: false } }, { scenario: 'failed-tests' });
  expect(run.summary).toBe('');
  expect(run.outputs.connection_id).toBe(run.ids[0]);
  expect((await runStep({ inputs: { summary: false, service: '' } })).summary).toBe('');
});
