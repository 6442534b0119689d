type Request = { method: string; path: string };

const connection = '/v1/connections/[^/]+';
const names: [RegExp, string][] = [
  [/^POST \/v1\/connections$/, 'create'],
  [/^GET \/v1\/connections$/, 'look up'],
  [new RegExp(`^GET ${connection}$`), 'read'],
  [new RegExp(`^PATCH ${connection}$`), 'patch'],
  [new RegExp(`^DELETE ${connection}$`), 'delete'],
  [new RegExp(`^POST ${connection}/test$`), 'test'],
  [new RegExp(`^POST ${connection}/fingerprints$`), 'approve key'],
  [new RegExp(`^POST ${connection}/certificates$`), 'approve certificate'],
  [new RegExp(`^POST ${connection}/sync$`), 'sync'],
  [new RegExp(`^POST ${connection}/connect-card$`), 'connect card'],
  [new RegExp(`^GET ${connection}/schemas$`), 'read schemas'],
  [new RegExp(`^PATCH ${connection}/schemas$`), 'patch schemas'],
  [new RegExp(`^POST ${connection}/schemas$`), 'set schemas'],
  [new RegExp(`^POST ${connection}/schemas/reload$`), 'reload schemas'],
  [new RegExp(`^GET ${connection}/schemas/.*/columns$`), 'list columns'],
  [/^GET \/v1\/groups\//, 'group'],
  [/^GET \/v1\/metadata\//, 'metadata'],
];

/** What a request is for, in a word or two. */
export function shortName({ method, path }: Request): string {
  const request = `${method} ${path}`;
  return names.find(([pattern]) => pattern.test(request))?.[1] ?? request;
}

/** The bodies of the requests of one kind, in order. */
export const bodies = (
  { requests }: { requests: (Request & { body: unknown })[] },
  name: string,
): unknown[] => requests.filter((request) => shortName(request) === name).map(({ body }) => body);
