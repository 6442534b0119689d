import { annotated, answering, runStep } from './step.ts';

test('the name of a failed test is the title of its annotation', async () => {
  const setup_tests = [
    { title: 'Reading: a, b%', status: 'FAILED', message: 'line one\nline two' },
    { title: 'Writing', status: 'FAILED' },
  ];
  const { annotations } = await runStep({}, answering({ setup_tests }));
  expect(annotations).toMatchObject([
    { level: 'error', title: 'Reading: a, b%', message: 'line one line two' },
    { level: 'error', title: 'Writing', message: expect.stringContaining('FAILED') },
    { level: 'error', title: '', message: expect.stringContaining('2 of 2 setup tests failed') },
  ]);
});

test('of many failed tests the first are annotations, and all are in the log', async () => {
  const titles = Array.from({ length: 15 }, (_, at) => `Test number ${at}`);
  const setup_tests = titles.map((title) => ({ title, status: 'FAILED', message: `no ${title}` }));
  const ran = await runStep({}, answering({ setup_tests }));
  const errors = annotated(ran, 'error');
  expect(errors).toHaveLength(10);
  expect(errors.at(-1)).toContain('15 of 15 setup tests failed');
  const plain = ran.log.split('\n').filter((line) => !line.startsWith('::'));
  for (const title of titles) expect(plain).toContain(`FAILED  ${title}: no ${title}`);
});

describe('very long texts', () => {
  const long = 'x'.repeat(100_000);

  test('of a setup test are cut', async () => {
    const setup_tests = [{ title: `${long}\n::error::`, status: 'FAILED', message: long }];
    const { annotations, log, summary } = await runStep({}, answering({ setup_tests }));
    expect(annotations).toHaveLength(2);
    expect(annotations[0]?.message).toMatch(/^x+… \(truncate\)$/);
    for (const { title, message } of annotations) {
      expect(title.length).toBeLessThan(4000);
      expect(message.length).toBeLessThan(4000);
    }
    for (const line of log.split('\n')) expect(line.length).toBeLessThan(20_000);
    expect(summary.length).toBeLessThan(20_000);
  });

  test('of an input are cut', async () => {
    const { annotations, log } = await runStep({ inputs: { paused: long, service: '' } });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toContain('service: missing');
    expect(log.length).toBeLessThan(20_000);
  });
});

test('an incomplete connection with a connect card points to it', async () => {
  const inputs = { connect_card_config: 'redirect_uri: https://x.example' };
  const ran = await runStep({ inputs }, { scenario: 'incomplete' });
  expect(annotated(ran, 'warning')).toEqual([
    expect.stringMatching(/is incomplete: .*connect_card_uri/),
  ]);
});

test('destination_schema_names is asked for when it is not given, and only then', async () => {
  const without = await runStep({ inputs: { destination_schema_names: '' } });
  const [notice = '', ...more] = annotated(without, 'notice');
  expect(more).toEqual([]);
  for (const word of ['destination_schema_names', 'FIVETRAN_NAMING', 'SOURCE_NAMING']) {
    expect(notice).toContain(word);
  }
  expect(annotated(await runStep(), 'notice')).toEqual([]);
});
