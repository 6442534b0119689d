import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect the garbage of a manifest's many requests instead of growing the heap: the young
 * generation keeps its initial size, and the old one grows by half between two collections. A large
 * manifest then needs little more memory than a small one.
 */
export function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
