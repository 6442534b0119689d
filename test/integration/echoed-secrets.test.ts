import { answeringCreate } from '../harness/faults.ts';
import { secretsIn, visible } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import type { StepRun } from '../harness/step.ts';

/** Secrets that text cleaning would make unrecognizable, and a part of each. */
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

describe('a refusal that echoes secrets', () => {
  let run: StepRun;

  beforeAll(async () => {
    const body = { code: 'InvalidInput', message: `Not valid: ${given.join(' and ')}` };
    run = await runStep(stepWith(...given), refusing(400, body));
    expect(visible(run)).toContain('InvalidInput');
  });

  test.each(secrets)('does not print one with %s in it', (_what, _secret, part) => {
    expect(secretsIn(run, part)).toEqual([]);
  });
});

describe.each([
  ['first', given.slice(0, 4)],
  ['second', given.slice(4)],
])('setup tests that echo secrets, the %s half', (_half, values) => {
  let run: StepRun;

  beforeAll(async () => {
    const setup_tests = values.map((secret) => ({
      title: `Key ${secret}`,
      status: `BAD ${secret}`,
      message: { key: secret },
      details: [secret, { [secret]: secret }],
    }));
    const data = { setup_tests, odd: { [values.join()]: values }, status: { tasks: setup_tests } };
    run = await runStep(stepWith(...values), answeringCreate(data));
    expect(run.outputs.failed_test_messages).toContain('***');
  });

  test.each(secrets.filter(([, secret]) => values.includes(secret)))(
    'does not print a secret with %s in it',
    (_what, _secret, part) => {
      expect(secretsIn(run, part)).toEqual([]);
    },
  );
});

/** Repeated often enough that any truncation cuts a secret. */
const secret = 'the beginning, of a secret, and its end';
const often = `${secret}; `.repeat(300);
const beginning = /the beg\w*|of a sec\w*/g;

test.each([
  ['a refusal', 400, { code: 'InvalidInput', message: often }],
  ['the code of a refusal', 400, { code: often, message: 'No' }],
  ['a page of a proxy', 403, `<html><body>${often}</body></html>`],
  ['a refusal that is not JSON', 400, often],
])('no part of a secret is printed where %s is truncated', async (_what, status, body) => {
  const run = await runStep(stepWith(secret), refusing(status, body));
  expect(visible(run)).toContain(`Fivetran answered ${status}`);
  expect(secretsIn(run, beginning)).toEqual([]);
});

test('no part of a secret is printed where a setup test is truncated', async () => {
  const test = { title: often, status: 'FAILED', message: often, details: often };
  const setup_tests = [test, { ...test, status: often, details: { often } }];
  const run = await runStep(stepWith(secret), answeringCreate({ setup_tests }));
  expect(run.exitCode).toBe(1);
  expect(secretsIn(run, beginning)).toEqual([]);
});

test('a numeric secret that comes back as a JSON number is hidden', async () => {
  const pin = 47112211;
  const test = { title: 'Login', status: 'FAILED', message: pin, details: { pin, list: [pin] } };
  const run = await runStep(
    stepWith(String(pin)),
    answeringCreate({ odd: pin, deep: { [pin]: [pin] }, setup_tests: [test] }),
  );
  expect(run.outputs.connection).toContain('"odd":"***"');
  expect(secretsIn(run, /47112211/g)).toEqual([]);
});

test.each([10, 15, 25])(
  'no part of a secret is printed of a response cut after %i of its characters',
  async (kept) => {
    const body = `{"code":"Success","data":{"id":"x","note":"${secret.slice(0, kept)}`;
    const run = await runStep(stepWith(secret), refusing(500, body));
    expect(visible(run)).toContain('Fivetran answered 500');
    expect(secretsIn(run, beginning)).toEqual([]);
  },
);
