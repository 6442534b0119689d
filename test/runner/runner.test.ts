import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logView } from './log-view.mjs';
import { outputsIn } from './output-file.mjs';
import { runAction, startAction } from './runner.mjs';

const ACTION = `name: Example
inputs:
  group_id:
    description: >-
      Which group.
      default: not this
  api_url:
    description: 'Where'
    default: 'https://api.fivetran.com' # the real one
  limit:
    default: "300"
  github_token:
    default: \${{ github.token }}
outputs:
  limit:
    description: not an input
runs:
  using: node24
`;

const FOLDER = mkdtempSync(join(tmpdir(), 'runner-test-'));
const actionFile = join(FOLDER, 'action.yml');
writeFileSync(actionFile, ACTION);

afterAll(() => rmSync(FOLDER, { recursive: true }));

let count = 0;

/** A step whose action is this script, in CommonJS like the bundle. */
function stepOf(script: string) {
  count += 1;
  const dist = join(FOLDER, `${count}.cjs`);
  writeFileSync(dist, `const { env } = process; const fs = require('node:fs');\n${script}`);
  return { dist, actionFile };
}

test('a step receives its inputs, the defaults and the runner environment, and nothing else', async () => {
  process.env.SECRET_OF_THE_CALLER = 'x';
  const step = stepOf(`
    const inputs = Object.entries(env).filter(([name]) => name.startsWith('INPUT_'));
    console.log(JSON.stringify({ ...Object.fromEntries(inputs), actions: env.GITHUB_ACTIONS,
      leak: env.SECRET_OF_THE_CALLER, own: env.OWN, event: require(env.GITHUB_EVENT_PATH),
      isHome: fs.realpathSync(process.cwd()) === fs.realpathSync(env.GITHUB_WORKSPACE) }));`);
  const inputs = { group_id: 'g', limit: 5 };
  const event = { number: 42 };
  const { log, exitCode } = await runAction({ ...step, inputs, env: { OWN: 'y' }, event });
  expect(JSON.parse(log)).toEqual({
    INPUT_GROUP_ID: 'g',
    INPUT_API_URL: 'https://api.fivetran.com',
    INPUT_LIMIT: '5',
    INPUT_GITHUB_TOKEN: 'ghs_sandbox',
    actions: 'true',
    own: 'y',
    event,
    isHome: true,
  });
  expect(exitCode).toBe(0);
});

test('an undeclared input is refused', async () => {
  const step = stepOf('');
  expect(() => startAction({ ...step, inputs: { gruop: 'g' } })).toThrow("no input 'gruop'");
});

test('the result has outputs, summary, masks and annotations', async () => {
  const step = stepOf(`
    fs.appendFileSync(env.GITHUB_OUTPUT, 'id=a=b\\nmany<<END\\none\\n\\ntwo=2\\nEND\\n');
    fs.appendFileSync(env.GITHUB_STEP_SUMMARY, '# Done');
    console.log('::add-mask::100%25%0Asure');
    console.log('::error title=A%3A b%2C c,file=x.yml,line=3::first%0Asecond %250A');
    console.log('text ::error::not at the start');
    console.log('::stop-commands::T\\n::error::stopped\\n::T::\\n::warning::after');
    console.error('::notice title=n::from stderr');
    process.exitCode = 3;`);
  const result = await runAction(step);
  expect(result).toMatchObject({
    exitCode: 3,
    signal: null,
    outputs: { id: 'a=b', many: 'one\n\ntwo=2' },
    summary: '# Done',
    masks: ['100%\nsure'],
  });
  expect(result.annotations.filter(({ level }) => level !== 'notice')).toEqual([
    {
      level: 'error',
      title: 'A: b, c',
      message: 'first\nsecond %0A',
      properties: { title: 'A: b, c', file: 'x.yml', line: '3' },
    },
    { level: 'warning', title: '', message: 'after', properties: {} },
  ]);
  expect(result.annotations).toContainEqual(
    expect.objectContaining({ level: 'notice', message: 'from stderr' }),
  );
});

test('an output file that the runner would refuse is an error', () => {
  expect(() => outputsIn('a<<END\nvalue\n')).toThrow('the value of a is not terminated');
  expect(() => outputsIn('no name here\n')).toThrow('line without a name');
});

test('the log view shows groups and labels, and masks values once they are registered', () => {
  const lines: string[] = [];
  const view = logView({ debug: false, write: (line) => lines.push(line) });
  view.add('before hush\n::add-mask::hush\n::group::Ask hu');
  view.add('sh\ninside\n::endgroup::\n::debug::hidden\n::error title=T::bad%0Ahush');
  view.end();
  expect(lines).toEqual(['before hush', '▼ Ask ***', '  inside', 'Error: [T] bad\n***']);
});
