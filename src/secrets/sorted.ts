/** How many items of a sorted list are at most `limit`. */
export function countUpTo<T extends number | string>(sorted: readonly T[], limit: T): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as T) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
