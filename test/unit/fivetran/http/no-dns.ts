import dns from 'node:dns';

const { lookup } = dns;

type Answer = (error: Error | null, ...rest: unknown[]) => void;

/** Lets reserved names (RFC 6761) fail to resolve without asking a name server, which may take seconds. */
beforeAll(() => {
  const stub = (host: string, options: object, answer: Answer): void => {
    if (!/\.(test|invalid)$/.test(host)) {
      lookup(host, options, answer);
      return;
    }
    const fields = { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host };
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), fields);
    setImmediate(() => answer(error));
  };
  Object.assign(dns, { lookup: stub });
});
afterAll(() => {
  Object.assign(dns, { lookup });
});
