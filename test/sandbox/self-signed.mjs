import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const ECDSA_WITH_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';
const SUBJECT_ALT_NAME = '0603551d11';
const BASIC_CONSTRAINTS = '0603551d13';

/**
 * Generates a key and a self-signed certificate for a server on loopback. The certificate is its own
 * authority and valid from 2020 to 2120.
 * @param {string} [commonName] a further name of the server
 * @returns {{ key: string, cert: string, der: Buffer }} key and cert in PEM
 */
export function selfSigned(commonName = 'localhost') {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(hex(ECDSA_WITH_SHA256));
  const name = sequence(
    node(0x31, sequence(hex(COMMON_NAME), node(0x0c, Buffer.from(commonName)))),
  );
  const alternatives = sequence(
    ...[...new Set(['localhost', commonName])].map((host) => node(0x82, Buffer.from(host))),
    node(0x87, Buffer.of(127, 0, 0, 1)),
  );
  const extensions = sequence(
    sequence(hex(BASIC_CONSTRAINTS), node(0x04, sequence(hex('0101ff')))),
    sequence(hex(SUBJECT_ALT_NAME), node(0x04, alternatives)),
  );
  const content = sequence(
    node(0xa0, hex('020102')),
    node(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name,
    sequence(time('20200101000000Z'), time('21200101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    node(0xa3, extensions),
  );
  const signature = sign('sha256', content, privateKey);
  const der = sequence(content, algorithm, node(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    der,
  };
}

/** @param {string} text */
const hex = (text) => Buffer.from(text, 'hex');

/** @param {string} text */
const time = (text) => node(0x18, Buffer.from(text));

/** @param {Buffer[]} parts */
const sequence = (...parts) => node(0x30, Buffer.concat(parts));

/**
 * Encodes a DER node: tag, length and content.
 * @param {number} tag
 * @param {Buffer} content
 */
function node(tag, content) {
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
