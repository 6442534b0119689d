import { answering, glimpses, type Ran, runStep, visible } from './step.ts';

/** Secrets that could no longer be found in a text that was tidied up before, and a part of each. */
const secrets: [what: string, secret: string, part: RegExp][] = [
  ['a tab', 'before\tbehind-tab', /behind-tab/g],
  ['some spaces', 'before   behind-space', /behind-space/g],
  ['a tag', 'before<b>behind-tag', /behind-tag/g],
  ['a script', 'before<script>x</script>behind-script', /behind-script/g],
  ['an old workflow command', 'before##[behind-command', /behind-command/g],
  ['a control character', 'before\u0007behind-bell', /behind-bell/g],
  ['several lines', 'before-break\nbehind-break', /behind-break|before-break/g],
  ['quotes and backslashes', 'before"\\behind-quote', /behind-quote/g],
];
const given = secrets.map(([, secret]) => secret);

const refusing = (status: number, body: unknown) => ({
  faults: [{ kind: 'status' as const, status, body }],
});
const stepWith = (...values: string[]) => ({
  inputs: { config: values.map((_, at) => `key_${at}: \${SECRET_${at}}`).join('\n') },
  env: Object.fromEntries(values.map((value, at) => [`SECRET_${at}`, value])),
});

describe('a refusal that gives secrets back', () => {
  let ran: Ran;

  beforeAll(async () => {
    const body = { code: 'InvalidInput', message: `Not valid: ${given.join(' and ')}` };
    ran = await runStep(stepWith(...given), refusing(400, body));
    expect(visible(ran)).toContain('InvalidInput');
  });

  test.each(secrets)('does not tell one with %s in it', (_what, _secret, part) => {
    expect(glimpses(ran, part)).toEqual([]);
  });
});

describe.each([
  ['first', given.slice(0, 4)],
  ['second', given.slice(4)],
])('setup tests that give secrets back, the %s half', (_half, values) => {
  let ran: Ran;

  beforeAll(async () => {
    const setup_tests = values.map((secret) => ({
      title: `Key ${secret}`,
      status: `BAD ${secret}`,
      message: { key: secret },
      details: [secret, { [secret]: secret }],
    }));
    const data = { setup_tests, odd: { [values.join()]: values }, status: { tasks: setup_tests } };
    ran = await runStep(stepWith(...values), answering(data));
    expect(ran.outputs.failed_test_messages).toContain('***');
  });

  test.each(secrets.filter(([, secret]) => values.includes(secret)))(
    'do not tell one with %s in it',
    (_what, _secret, part) => {
      expect(glimpses(ran, part)).toEqual([]);
    },
  );
});

/** Over and over, so that wherever a text is cut, a secret is cut. */
const secret = 'the beginning, of a secret, and its end';
const often = `${secret}; `.repeat(300);
const beginning = /the beg\w*|of a sec\w*/g;

test.concurrent.each([
  ['a refusal', 400, { code: 'InvalidInput', message: often }],
  ['the code of a refusal', 400, { code: often, message: 'No' }],
  ['a page of a proxy', 403, `<html><body>${often}</body></html>`],
  ['a refusal that is not JSON', 400, often],
])('a secret that %s holds where it is cut is not told in part', async (_what, status, body) => {
  const ran = await runStep(stepWith(secret), refusing(status, body));
  expect(visible(ran)).toContain(`Fivetran answered ${status}`);
  expect(glimpses(ran, beginning)).toEqual([]);
});

test('a secret that a setup test holds where it is cut is not told in part', async () => {
  const test = { title: often, status: 'FAILED', message: often, details: often };
  const setup_tests = [test, { ...test, status: often, details: { often } }];
  const ran = await runStep(stepWith(secret), answering({ setup_tests }));
  expect(ran.exitCode).toBe(1);
  expect(glimpses(ran, beginning)).toEqual([]);
});
