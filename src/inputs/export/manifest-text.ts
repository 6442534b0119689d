import { distinctNames, oneLine } from '../../text/format.ts';
import { isMapping, type Mapping } from '../../text/mapping.ts';
import type { Path } from '../problem.ts';
import type { SelectedItems } from '../selection.ts';
import type { SchemaChangeHandling } from '../spec.ts';
import { type FileEntry, layOut } from './layout.ts';
import { createVariableNames, type VariableNames } from './variables.ts';
import { type NotWritable, writeYaml } from './write-yaml.ts';

/** A connection as it is to be written; symbols stand for secrets. */
export type WrittenEntry = {
  name: string;
  service: string;
  naming: Mapping;
  config: Mapping;
  settings: Mapping;
  schema_change_handling: SchemaChangeHandling | undefined;
  schemas: SelectedItems | undefined;
};

/** The group that a file is about, and what it says above its content. */
export type FileHead = {
  group_id: string;
  /** The address of the manifest's JSON Schema. */
  schema: string;
  /** Connections that are not in the file, with the reason. */
  leftOut: readonly string[];
};

/** The text of a manifest, and the variables that it refers to. */
export type ManifestText = { text: string; variables: string[] };

/** Writes connections as a manifest, in their order. */
export async function manifestText(
  entries: readonly WrittenEntry[],
  { group_id, schema, leftOut }: FileHead,
): Promise<ManifestText | NotWritable> {
  const variables = createVariableNames();
  const names = distinctNames(entries.map(({ name }) => name));
  const files = entries.map((entry, at) => fileEntry(entry, names[at] ?? entry.name, variables));
  const { defaults, connections } = layOut(new Map([['group_id', escaped(group_id)]]), files);
  const list = variables.names();
  const comment = [
    `yaml-language-server: $schema=${schema}`,
    `The connections of group ${group_id}.`,
    ...(list.length > 0 ? ["Set these variables in the step's env:"] : []),
    ...list.map((name) => `  ${name}`),
    ...(leftOut.length > 0 ? ['Left out:'] : []),
    ...leftOut.map((line) => `  ${line}`),
  ];
  const content = new Map<string, unknown>([
    ['defaults', defaults],
    ['connections', connections],
  ]);
  const written = await writeYaml(content, comment.map(oneLineComment));
  return 'error' in written ? written : { text: written.text, variables: list };
}

/** A line of a comment, its indentation kept. */
const oneLineComment = (line: string): string =>
  Buffer.from(`${/^ */.exec(line)?.[0] ?? ''}${oneLine(line)}`).toString();

function fileEntry(entry: WrittenEntry, name: string, variables: VariableNames): FileEntry {
  const { service, naming, config, settings, schema_change_handling, schemas } = entry;
  const secretAt = (path: Path): string => `\${${variables.nameFor(name, path)}}`;
  const fields: [string, unknown][] = [['service', escaped(service)]];
  fields.push(...asWritten(settings, [], secretAt));
  if (schema_change_handling) fields.push(['schema_change_handling', schema_change_handling]);
  if (schemas) fields.push(['schemas', itemsAsWritten(schemas, ['tables', 'columns'])]);
  return {
    name,
    config: new Map(asWritten({ ...naming, ...config }, [], secretAt)),
    naming: new Set(Object.keys(naming)),
    fields: new Map(fields),
  };
}

/** The fields of a mapping as a manifest has them. */
function asWritten(
  fields: Mapping,
  path: Path,
  secretAt: (path: Path) => string,
): [string, unknown][] {
  const convert = (value: unknown, at: Path): unknown => {
    if (typeof value === 'symbol') return secretAt(at);
    if (typeof value === 'string') return escaped(value);
    if (typeof value === 'number') return plainNumber(value);
    if (Array.isArray(value)) return value.map((item, index) => convert(item, [...at, index]));
    return isMapping(value) ? new Map(asWritten(value, at, secretAt)) : value;
  };
  return Object.entries(fields).map(([key, value]) => [key, convert(value, [...path, key])]);
}

/** A text in which nothing is a reference. */
const escaped = (text: string): string => text.replaceAll('${', () => '$${');

/** A number, or text where YAML would not be read back with the same digits. */
const plainNumber = (value: number): number | string =>
  /^-?\d+(\.\d+)?$/.test(String(value)) ? value + 0 : String(value);

/** A selection as `schemas` has it: an item that only is there is an empty mapping. */
function itemsAsWritten(
  items: SelectedItems,
  [inner, ...deeper]: readonly string[],
): Map<string, unknown> {
  return new Map(
    [...items].map(([name, item]): [string, unknown] => [
      escaped(name),
      new Map<string, unknown>([
        ...Object.entries(item.fields),
        ...(inner && item.inner ? [[inner, itemsAsWritten(item.inner, deeper)] as const] : []),
      ]),
    ]),
  );
}
