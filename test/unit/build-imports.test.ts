import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imports-'));
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lints a tree of these files with the project's rules; returns the rules that it breaks. */
function brokenRules(files: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text}\n`);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--vcs-enabled=false', '--reporter=json', '.'];
  const { stdout } = spawnSync(process.execPath, [biome, ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  const report: { diagnostics: { category: string }[] } = JSON.parse(stdout);
  return [...new Set(report.diagnostics.map(({ category }) => category))];
}

const cycle = 'lint/suspicious/noImportCycles';
const upward = 'lint/style/noRestrictedImports';

describe('the import rules', () => {
  test('accept imports of lower layers', () => {
    const files = {
      'src/run/job.ts': "export * from '../report/log.ts';",
      'src/report/log.ts': "export type { Plan } from '../connection/plan.ts';",
      'src/connection/plan.ts': "export type Plan = string;\nexport * from '../inputs/spec.ts';",
      'src/connection/schemas/diff.ts':
        "export * from '../plan.ts';\nexport * from '../../inputs/spec.ts';",
      'src/inputs/spec.ts': "export * from '../fivetran/client.ts';",
      'src/fivetran/client.ts': "export * from '../secrets/redactor.ts';",
      'src/secrets/redactor.ts': "export * from '../text/format.ts';",
      'src/text/format.ts': "export * from './nearest.ts';",
      'src/text/nearest.ts': 'export const one = 1;',
    };

    expect(brokenRules(files)).toEqual([]);
  });

  test.each([
    ['type-only', "import type { B } from './b.ts';\nexport type A = B;"],
    ['re-exported', "export type * from './b.ts';"],
    ['dynamic', "export const b = () => import('./b.ts');"],
  ])('reject a cycle closed by a %s import', (_, text) => {
    const back = "import type { A } from './a.ts';\nexport type B = A;";

    expect(brokenRules({ 'src/text/a.ts': text, 'src/text/b.ts': back })).toEqual([cycle]);
  });

  test.each([
    ['src/text/format.ts', '../secrets/redactor.ts'],
    ['src/secrets/redactor.ts', '../fivetran/client.ts'],
    ['src/fivetran/client.ts', '../inputs/spec.ts'],
    ['src/fivetran/client.ts', '../github/comment.ts'],
    ['src/github/comment.ts', '../fivetran/client.ts'],
    ['src/inputs/spec.ts', '../connection/plan.ts'],
    ['src/connection/plan.ts', '../report/log.ts'],
    ['src/connection/schemas/diff.ts', '../../report/log.ts'],
    ['src/report/log.ts', '../run/job.ts'],
    ['src/run/job.ts', '../main.ts'],
    ['src/run/job.ts', '../unlisted/layer.ts'],
  ])('reject a type-only import in %s of %s', (file, imported) => {
    const text = `import type { One } from '${imported}';\nexport type Two = One;`;

    expect(brokenRules({ [file]: text })).toEqual([upward]);
  });
});
