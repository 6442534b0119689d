// Takes the pictures in docs/manifest.md: a manifest in an editor, with what yaml-language-server answers.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { startLanguageServer } from './editor/language-server.mjs';
import { takePicture } from './picture/chromium.mjs';
import { editorPage } from './picture/editor-page.mjs';

const WIDTH = 760;

const TEXT = `connections:
  billing:
    service: postgres
    config:
      schema_prefix: billing_pr_\${PR_NUMBER}
      prot: 5432
      password: hunter2
      `;

const lines = TEXT.split('\n');
const cursor = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
const schema = new URL('../schema/manifest.schema.json', import.meta.url);
const server = await startLanguageServer(schema.href);
const answers = {
  cursor,
  suggestions: await server.complete(TEXT, cursor),
  diagnostics: await server.diagnose(TEXT),
};
await server.stop();

for (const [theme, file] of /** @type {const} */ ([
  ['light', '../docs/editor.png'],
  ['dark', '../docs/editor-dark.png'],
])) {
  const png = await takePicture(editorPage(TEXT, answers, { width: WIDTH, theme }), WIDTH);
  writeFileSync(
    new URL(file, import.meta.url),
    execFileSync('pngquant', ['--strip', '-'], { input: png }),
  );
}
