import { checkBypass } from '@actions/http-client/lib/proxy';

/**
 * What is wrong with the proxy setting that applies to a URL; undefined when there is none or it
 * can be used. `@actions/http-client` reads the environment too, and connects directly when it
 * cannot read the setting. The value may hold a password and is never part of the result.
 */
export function proxyProblem(url: URL): string | undefined {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const variables = [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`];
  const variable = variables.find((name) => process.env[name]);
  if (!variable || checkBypass(url)) return undefined;
  const problem = problemOf(process.env[variable] ?? '');
  return problem && `the proxy in ${variable} cannot be used: ${problem} Nothing was sent.`;
}

function problemOf(value: string): string | undefined {
  const proxy = parseProxy(value);
  if (!proxy) return 'it is not a valid URL. Write it as http://host:port.';
  if (!/^https?:$/.test(proxy.protocol)) {
    return 'only http and https proxies are supported. Write it as http://host:port.';
  }
  return isDecodable(proxy.username) && isDecodable(proxy.password)
    ? undefined
    : 'its user name or password is not percent-encoded correctly. Write a literal % as %25.';
}

/** Reads a proxy's URL as `@actions/http-client` does, which also takes `192.0.2.1:3128`. */
function parseProxy(value: string): URL | undefined {
  if (URL.canParse(value)) return new URL(value);
  const withScheme = `http://${value}`;
  return /^https?:/i.test(value) || !URL.canParse(withScheme) ? undefined : new URL(withScheme);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
