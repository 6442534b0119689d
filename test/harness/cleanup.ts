import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const open = new Set<{ close(): Promise<unknown> }>();
const folders: string[] = [];

/** Closes a server or process at the end of the test file. */
export function closeAtEnd<T extends { close(): Promise<unknown> }>(resource: T): T {
  open.add(resource);
  return resource;
}

/** An empty folder that is removed at the end of the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fivetran-test-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  await Promise.all([...open].map((resource) => resource.close()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
