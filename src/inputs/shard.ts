/** The entries of one shard, as `index/total` names it; each entry is in exactly one. */
export function entriesOf<T>(entries: T[], shard: string | undefined): T[] {
  const [index, total] = (shard ?? '0/1').split('/').map(Number);
  return entries.filter((_, position) => position % Number(total) === index);
}
