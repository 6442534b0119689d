// Measures the action against a sandbox on loopback, and prints one table. Every target is a ratio of
// two figures of the same run, so that it holds on any machine that has little else to do.
// docs/performance.md explains the rows. Exit code 1 means that a run failed, not that a target was missed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRows } from './create.mjs';
import { manifestRows } from './manifest.mjs';
import { rateLimitRows } from './rate-limit.mjs';
import { sizeRows } from './sizes.mjs';
import { startRows } from './start.mjs';
import { printTable } from './table.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fivetran-bench-'));
try {
  printTable([
    ...(await startRows(folder)),
    ...(await createRows(folder)),
    ...(await manifestRows(folder)),
    ...(await rateLimitRows(folder)),
    ...sizeRows(folder),
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
