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

test('very long texts are cut', async () => {
  const setup_tests = [{ title: 'Reading', status: 'FAILED', message: 'x'.repeat(100_000) }];
  const { annotations } = await runStep({}, answering({ setup_tests }));
  const { message = '' } = annotations[0] ?? {};
  expect(message).toMatch(/^x+… \(cut\)$/);
  expect(message.length).toBeLessThan(4000);
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
