import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { HttpClient } from '@actions/http-client';

/** One request, as it is sent. */
export type HttpRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Aborts the request. */
  signal: AbortSignal | undefined;
  /** Called when there is a connection to the server, TLS included. Nothing is sent before. */
  onConnected?: () => void;
};

/** Longer timers fire at once. */
export const longestTimerMs = 2 ** 31 - 1;

/**
 * Sends a request once, through the proxy of the environment; resolves when the head of the
 * response has arrived. Does not follow redirects. Sockets are not kept alive: a request on one
 * that the server has just closed cannot be distinguished from one that was processed.
 *
 * @throws the signal's reason when the signal aborts; the error of Node.js or of the `tunnel`
 * package otherwise, with the proxy's own error as its cause
 */
export async function sendRequest(request: HttpRequest): Promise<IncomingMessage> {
  const { method, url, headers, body, signal, onConnected = () => {} } = request;
  signal?.throwIfAborted();
  let proxyError: Error | undefined;
  const handler = {
    prepareRequest(options: RequestOptions) {
      if (signal) options.signal = signal;
      options.host = withoutBrackets(options.host);
      if (!isAgent(options.agent)) return;
      watchSocket(options.agent, onConnected);
      if (isTunnel(options.agent)) {
        prepareTunnel(options.agent, signal, (error) => {
          proxyError = error;
        });
      }
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('not reached')),
  };
  const client = new HttpClient(headers['user-agent'] ?? 'fivetran-connection-action', [handler], {
    allowRedirects: false,
    // The signal ends the request. This timeout counts the silence between two bytes, and its
    // default of three minutes is shorter than a request may take.
    socketTimeout: longestTimerMs,
  });
  try {
    return (await client.request(method, url, body ?? null, headers)).message;
  } catch (error) {
    signal?.throwIfAborted();
    if (proxyError && error instanceof Error) error.cause ??= proxyError;
    throw error;
  }
}

/** A response's body, or what came of it and why not all of it. */
export type Body = { bytes: Buffer; fault?: 'too-long' | 'broken' };

/** Reads a response to its end, or until it is longer than `maxBytes`. */
export async function readBytes(response: IncomingMessage, maxBytes: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      size += chunk.length;
      if (size > maxBytes) {
        response.destroy();
        return { bytes: Buffer.concat(chunks), fault: 'too-long' };
      }
      chunks.push(chunk);
    }
  } catch {
    return { bytes: Buffer.concat(chunks), fault: 'broken' };
  }
  return { bytes: Buffer.concat(chunks) };
}

/** What an agent of Node.js and one of the `tunnel` package have in common. */
type Agent = { addRequest(request: ClientRequest, ...rest: unknown[]): void };

/** An agent of the `tunnel` package. */
type Tunnel = Agent & {
  proxyOptions: { host: string; servername?: string; signal?: AbortSignal };
  request(options: object): ClientRequest;
};

const isAgent = (agent: unknown): agent is Agent =>
  typeof agent === 'object' && agent !== null && 'addRequest' in agent;

const isTunnel = (agent: Agent): agent is Tunnel => 'proxyOptions' in agent && 'request' in agent;

/** Calls back when the socket of a request is connected. */
function watchSocket(agent: Agent, onConnected: () => void): void {
  const { addRequest } = agent;
  agent.addRequest = (request, ...rest) => {
    request.once('socket', (socket: Socket) => {
      if ('encrypted' in socket) socket.once('secureConnect', onConnected);
      else if (socket.connecting) socket.once('connect', onConnected);
      else onConnected();
    });
    addRequest.call(agent, request, ...rest);
  };
}

/** Corrects how `tunnel` connects to a proxy, and passes on the error that it hides. */
function prepareTunnel(
  tunnel: Tunnel,
  signal: AbortSignal | undefined,
  onError: (error: Error) => void,
): void {
  const host = withoutBrackets(tunnel.proxyOptions.host) ?? '';
  // Node.js would check the proxy's certificate against the `Host` header: the server's name. An
  // address is no server name, and is checked as what the connection is made to.
  const servername = isIP(host) ? '' : host;
  tunnel.proxyOptions = { ...tunnel.proxyOptions, host, servername, ...(signal && { signal }) };
  const { request } = tunnel;
  tunnel.request = (options) => request(options).once('error', onError);
}

/** A host as resolvers take it: http-client leaves an IPv6 address in brackets. */
const withoutBrackets = <T extends string | null | undefined>(host: T) =>
  host?.replace(/^\[|\]$/g, '') ?? null;
