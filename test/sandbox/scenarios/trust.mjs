/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

const CREDENTIALS = { title: 'Validating credentials', status: 'PASSED', message: '' };
const SKIPPED = { ...CREDENTIALS, status: 'SKIPPED', message: 'Requires a connection' };

/** @type {Scenario} */
export const hostKeyUnknown = {
  description: "the source's SSH host key is not trusted yet",
  tests({ unknownHostKeys }) {
    const test = { title: 'Connecting to SSH tunnel', status: 'PASSED', message: '' };
    if (unknownHostKeys.length === 0) return [test, CREDENTIALS];
    const [first, ...more] = unknownHostKeys;
    // The API shows one key as an object, several as an array.
    const details = more.length === 0 ? first : unknownHostKeys;
    const message = 'The host key of the SSH server is unknown';
    return [{ ...test, status: 'FAILED', message, details }, SKIPPED];
  },
};

/** @type {Scenario} */
export const certificateUnknown = {
  description: "the source's TLS certificate is not trusted yet",
  tests({ unknownCertificates }) {
    const test = { title: 'Validating certificate', status: 'PASSED', message: '' };
    if (unknownCertificates.length === 0) return [test, CREDENTIALS];
    const message = 'The certificate of the server is not trusted';
    return [{ ...test, status: 'FAILED', message, details: unknownCertificates }, SKIPPED];
  },
};
