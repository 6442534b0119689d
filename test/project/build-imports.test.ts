import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/imports.mjs', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Checks a tree of these files; returns what the script reports, line by line. */
function problemsIn(files: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text}\n`);
  }
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  const problems = stderr.split('\n').filter(Boolean);
  expect(status).toBe(problems.length > 0 ? 1 : 0);
  return problems;
}

describe('the import rules', () => {
  test('accept imports of lower rooms, and of any place within a room', () => {
    const files = {
      'run/job.ts': "export * from '../report/log.ts';",
      'report/log.ts': "export type { Plan } from '../connection/plan.ts';",
      'connection/plan.ts': "export type Plan = string;\nexport * from '../inputs/spec.ts';",
      'connection/selection/diff.ts': "export * from '../plan.ts';",
      'inputs/spec.ts': "export * from '../fivetran/client.ts';",
      'fivetran/client.ts': "export * from '../secrets/redactor.ts';",
      'secrets/redactor.ts': "export * from '../text/format.ts';",
      'text/format.ts': "export * from './nearest.ts';",
      'text/nearest.ts': "import { one } from 'package';",
    };

    expect(problemsIn(files)).toEqual([]);
  });

  test.each([
    ['type-only', "import type { B } from './b.ts';\nexport type A = B;"],
    ['re-exported', "export type * from './b.ts';"],
    ['dynamic', "export const b = () => import('./b.ts');"],
    ['named for the bundler', 'import(\n  /* webpackChunkName: "b" */ \'./b.ts\'\n);'],
  ])('reject a cycle closed by a %s import', (_, text) => {
    const back = "import type { A } from './a.ts';\nexport type B = A;";

    expect(problemsIn({ 'text/a.ts': text, 'text/b.ts': back })).toEqual([
      'cycle: text/a.ts → text/b.ts → text/a.ts',
    ]);
  });

  test.each([
    ['text/format.ts', '../secrets/redactor.ts', 'secrets/redactor.ts'],
    ['report/runner/log.ts', '../single.ts', 'report/single.ts'],
    ['fivetran/http/pace/limit.ts', '../../client.ts', 'fivetran/client.ts'],
    ['run/job.ts', '../main.ts', 'main.ts'],
    ['run/job.ts', '../unlisted/room.ts', 'unlisted/room.ts'],
  ])('reject a type-only import in %s of %s', (file, imported, target) => {
    const text = `import type { One } from '${imported}';\nexport type Two = One;`;

    expect(problemsIn({ [file]: text })).toEqual([`${file} imports ${target}`]);
  });

  test('reject a file in no room', () => {
    expect(problemsIn({ 'unlisted/room.ts': 'export {};' })).toHaveLength(1);
  });
});
