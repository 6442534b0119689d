import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const open = new Set<{ close(): Promise<unknown> }>();
const folders: string[] = [];

/** Keeps a server or a process until the end of the test file, which then closes it. */
export function closeAtEnd<T extends { close(): Promise<unknown> }>(resource: T): T {
  open.add(resource);
  return resource;
}

/** An empty folder that the end of the test file removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fivetran-test-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  await Promise.all([...open].map((resource) => resource.close()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
