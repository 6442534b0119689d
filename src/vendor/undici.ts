/**
 * Stands in for undici in the bundle. `@actions/http-client` imports it for `fetch` through a
 * proxy, which nothing here uses (its own requests go through `tunnel`), and loading the real one
 * would triple the time until the first request.
 */
export class ProxyAgent {
  constructor() {
    throw new Error('fetch through a proxy is not part of this bundle');
  }
}
