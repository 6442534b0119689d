import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Typed = { type: string; 'allowed-values'?: string[]; separator?: string };

const root = new URL('../../', import.meta.url);
const read = (file: string) => parse(readFileSync(new URL(file, root), 'utf8'));
const action = read('action.yml');
const types: { inputs: Record<string, Typed>; outputs: Record<string, Typed> } =
  read('action-types.yml');

test('every input and output has a type, and nothing else has one', () => {
  expect(Object.keys(types.inputs)).toEqual(Object.keys(action.inputs));
  expect(Object.keys(types.outputs)).toEqual(Object.keys(action.outputs));
});

test.each(Object.entries(types.inputs).filter(([, { type }]) => type === 'enum'))(
  'the description of %s names its values',
  (name, { 'allowed-values': values = [] }) => {
    for (const value of values) expect(action.inputs[name].description).toContain(`\`${value}\``);
  },
);

test.each(Object.entries(types.inputs))(
  'the default of %s has its type',
  (name, { type, ...more }) => {
    const value: string | undefined = action.inputs[name].default;
    if (value === undefined) return;
    if (type === 'boolean') expect(['true', 'false']).toContain(value);
    if (type === 'integer') expect(value).toMatch(/^\d+$/);
    if (type === 'enum') expect(more['allowed-values']).toContain(value);
  },
);
