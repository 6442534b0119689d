import { typeVariables } from '../../../../src/connection/metadata/variables.ts';
import { initialState } from '../../../../src/connection/state.ts';
import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import { FivetranError, RefusedError } from '../../../../src/fivetran/http/errors.ts';
import { readConnectorType } from '../../../../src/fivetran/responses/connector-type.ts';
import type { Path } from '../../../../src/inputs/problem.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';

const integer = { type: 'integer' };
const metadata = {
  config: {
    properties: {
      port: integer,
      list: { type: 'array', items: integer },
      items: { type: 'array', items: { properties: { n: integer } } },
      mode: { type: 'integer', enum: ['1', '2'] },
      pin: { type: 'string' },
    },
  },
  auth: { properties: { pin: integer } },
};

/** The request after its variables have types, the warnings, and how often metadata was read. */
async function typed(request: object, paths: Path[], error?: Error) {
  const warnings: string[] = [];
  let reads = 0;
  const fivetran: Partial<FivetranClient> = {
    async connectorType() {
      reads++;
      const connector = readConnectorType(metadata);
      if (error || !connector) throw error;
      return connector;
    },
  };
  const variables = paths.map((path) => ({ path, untyped: true }));
  const spec = { state: 'present', service: 'crm', request, variables } as unknown as PresentSpec;
  const ctx = { fivetran, state: initialState(spec), warn: (line: string) => warnings.push(line) };
  const result = await typeVariables(spec, ctx as unknown as Parameters<typeof typeVariables>[1]);
  return { request: result.request, warnings, reads };
}

test.each<[object, Path[], object]>([
  [{ config: { port: '5' } }, [['config', 'port']], { config: { port: 5 } }],
  [{ config: { port: '5.5' } }, [['config', 'port']], { config: { port: '5.5' } }],
  [{ config: { list: ['1', '2'] } }, [['config', 'list', 0]], { config: { list: [1, '2'] } }],
  [
    { config: { items: [{ n: '1' }] } },
    [['config', 'items', 0, 'n']],
    { config: { items: [{ n: 1 }] } },
  ],
  [{ config: { mode: '1' } }, [['config', 'mode']], { config: { mode: '1' } }],
  [{ config: { other: '1' } }, [['config', 'other']], { config: { other: '1' } }],
  [{ config: { pin: '1' } }, [['config', 'gone']], { config: { pin: '1' } }],
  [
    { config: { pin: '1' }, auth: { pin: '1' } },
    [['auth', 'pin']],
    { config: { pin: '1' }, auth: { pin: 1 } },
  ],
])('%j with variables at %j is sent as %j', async (request, paths, wanted) => {
  expect((await typed(request, paths)).request).toStrictEqual(wanted);
});

test('the metadata is not read for variables elsewhere', async () => {
  const { reads } = await typed({ schedule: { interval: '5' } }, [['schedule', 'interval']]);
  expect(reads).toBe(0);
});

describe('without metadata', () => {
  const request = { config: { port: '5' } };
  const refused = (status: number) =>
    new RefusedError({ purpose: 'read it', status, code: '', reason: '', conflictHint: '' });

  test('a variable stays text, with a warning where it may not be read', async () => {
    const forbidden = await typed(request, [['config', 'port']], refused(403));
    expect(forbidden).toMatchObject({
      request,
      warnings: [
        'Could not read it: Fivetran answered 403. Numbers and booleans that come through ${NAME} are sent as text. ' +
          'A system key needs the permission ACCOUNT READ to read the metadata.',
      ],
    });
    expect(await typed(request, [['config', 'port']], refused(404))).toMatchObject({
      request,
      warnings: [],
    });
  });

  test('another error ends the run', async () => {
    const unanswered = new FivetranError({ message: 'x', shortReason: 'x' });
    for (const error of [refused(400), unanswered]) {
      await expect(typed(request, [['config', 'port']], error)).rejects.toBe(error);
    }
  });
});
