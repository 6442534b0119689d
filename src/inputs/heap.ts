import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect what a manifest's many requests leave behind, rather than let the heap grow by it:
 * the young generation stays as small as it begins, and the old one grows by half between two
 * collections. A large manifest then takes little more memory than a small one.
 */
export function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
