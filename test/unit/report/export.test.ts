import { exportPage } from '../../../src/report/export/page.ts';
import { type ExportReport, sentenceOf } from '../../../src/report/export/result.ts';
import { readable, rowsOf } from '../../project/markup.ts';

const exported = (name: string, more: object = {}): ExportReport['entries'][number] => ({
  ...{ kind: 'exported', name, id: `${name}_id`, service: 'postgres', setup_state: 'connected' },
  ...{ missing: [], warnings: [] },
  ...more,
});
const unreadable = (name: string, error = 'No answer.'): ExportReport['entries'][number] => ({
  ...{ kind: 'unreadable', name, id: `${name}_id`, error },
});

const reportOf = (
  entries: ExportReport['entries'] = [],
  more: Partial<ExportReport> = {},
): ExportReport => ({
  ...{ path: 'out.yml', group_id: 'g', entries, variables: [], error: undefined },
  ...more,
});
const pageOf = (report: ExportReport, budget = 100_000) => exportPage(report, 'h2', budget);

test('the page lists what was not exported, the worst first', () => {
  const page = pageOf(
    reportOf([
      exported('crm', { missing: ['auth', '`config.x`'] }),
      exported('hr', { warnings: ['Nothing syncs.'] }),
      unreadable('ads'),
      exported('erp', { service: 's'.repeat(30) }),
    ]),
  );
  expect(rowsOf(page)).toEqual([
    ['Connection', 'Service', 'Not exported'],
    ['ads', '', '❌ No answer.'],
    ['hr', 'postgres', '⚠️ Nothing syncs.'],
    ['crm', 'postgres', 'auth\nconfig.x'],
    ['erp', 's'.repeat(30), ''],
  ]);
  expect(page).toContain('/crm_id');
  expect(page).toContain('<code>config.x</code>');
  expect(page).toContain('<b>❌ No answer.</b>');
  expect(readable(page)).toContain('File out.yml · group g');
  expect(page.startsWith('<h2>❌ Exported 3 connections of group g to out.yml. 1 ')).toBe(true);
  expect(page).not.toContain('Set ');
});

test.each<[string, Partial<ExportReport>, string]>([
  ['✅', { entries: [exported('crm')] }, 'Exported 1 connection of group g to out.yml.'],
  [
    '⚠️',
    { entries: [exported('crm', { warnings: ['x'] }), exported('hr')] },
    'Exported 2 connections of group g to out.yml.',
  ],
  [
    '❌',
    { entries: [unreadable('crm'), unreadable('hr'), exported('ads')] },
    'Exported 1 connection of group g to out.yml. 2 connections could not be read and are not in the file.',
  ],
  [
    '❌',
    { entries: [unreadable('crm')] },
    'Exported 0 connections of group g to out.yml. 1 connection could not be read and is not in the file.',
  ],
  ['❌', { error: 'The disk is full.' }, 'Nothing was exported from group g. The disk is full.'],
])('%s stands before an end like %j', (mark, more, sentence) => {
  const report = reportOf([], more);
  expect(sentenceOf(report)).toBe(sentence);
  expect(readable(pageOf(report))).toMatch(new RegExp(`^${mark} ${sentence}\n`));
});

test('an export without connections has no table', () => {
  expect(pageOf(reportOf())).not.toContain('<table>');
});

test('the variables are shown as they are set in the step, or as a list if there are many', () => {
  const [a, b] = ['A'.repeat(40), 'B'.repeat(40)];
  const report = reportOf([exported('crm')], { variables: [a, b] });
  const block = `env:\n  ${a}: \${{ secrets.${a} }}\n  ${b}: \${{ secrets.${b} }}`;
  const page = pageOf(report);
  expect(readable(page)).toContain(`Set 2 variables in the step that uses the file:\n\n${block}`);
  expect(pageOf(report, block.length)).toMatch(/<pre>.*<\/pre>$/);
  expect(pageOf(report, block.length - 1)).toContain(`<ul><li><code>${a}</code></li>`);
});

test('connections that do not fit are counted', () => {
  const page = pageOf(reportOf([exported('crm'), exported('hr')]), 250);
  expect(page).toContain('<p>And 1 more connection.</p>');
});

test('long texts are cut, and none takes effect', () => {
  const long = `<b>${'x '.repeat(2000)}`;
  const entries = [
    exported(long, { service: long, missing: [long] }),
    { ...unreadable('crm', long) },
  ];
  const page = pageOf(reportOf(entries, { path: long, group_id: long, variables: ['<b>'] }));
  expect(page).not.toMatch(/<b>x|<b>:/);
  const lengths = [...readable(page).matchAll(/(?:x )+/g)].map(([text]) => text.length);
  expect(lengths.every((length) => length <= 1000)).toBe(true);
  expect(lengths.filter((length) => length > 300)).toHaveLength(1);
  expect(lengths.filter((length) => length > 200)).toHaveLength(3);
  expect(lengths.filter((length) => length > 100)).toHaveLength(4);
});
