import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';

/**
 * A forward proxy on a loopback port that supports `CONNECT` only.
 * @typedef {object} Proxy
 * @property {string} url
 * @property {{ target: string, headers: import('node:http').IncomingHttpHeaders }[]} connects
 *   requested tunnels, in the order of arrival
 * @property {() => void} garble sends an invalid TLS record to the client of every open tunnel
 * @property {() => Promise<void>} close
 */

/**
 * Starts a proxy whose tunnels all lead to the same loopback port, whatever host is requested.
 * @param {object} options
 * @param {number} options.port the port behind the tunnels
 * @param {number | 'never'} [options.status] status of the answer; only 200 opens a tunnel
 * @param {{ key: string, cert: string } | undefined} [options.tls] makes it an https proxy
 * @param {() => void} [options.onConnect] called for every requested tunnel
 * @returns {Promise<Proxy>}
 */
export async function startProxy({ port, status = 200, tls, onConnect = () => {} }) {
  /** @type {Proxy['connects']} */
  const connects = [];
  /** @type {Set<import('node:stream').Duplex>} */
  const sockets = new Set();

  /** @param {import('node:stream').Duplex} socket */
  const keep = (socket) => {
    sockets.add(socket);
    // Either side may close at any time; the tests provoke it.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  };
  /** @type {Set<import('node:stream').Duplex>} */
  const clients = new Set();

  /** @type {import('node:http').RequestListener} */
  const refuse = (_, response) => void response.writeHead(405).end();
  const server = tls ? createTlsServer(tls, refuse) : createServer(refuse);
  server.on('connect', (request, client) => {
    keep(client);
    connects.push({ target: request.url ?? '', headers: request.headers });
    onConnect();
    if (status === 'never') return;
    if (status !== 200)
      return void client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const upstream = connect(port, '127.0.0.1');
    keep(upstream);
    clients.add(client);
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.once('close', () => client.destroy());
    client.once('close', () => {
      clients.delete(client);
      upstream.destroy();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));

  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${portOf(server)}`,
    connects,
    garble() {
      for (const client of clients) client.write(`${'\x17\x03\x03\x00\x20'}${'x'.repeat(32)}`);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/**
 * The port that a server listens on.
 * @param {import('node:net').Server} server
 */
const portOf = (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port;
