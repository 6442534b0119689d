import { isDeepStrictEqual } from 'node:util';
import { Document, isScalar, Scalar, visit } from 'yaml';
import { parseText } from '../parse/parse.ts';
import { manifestLimit } from '../parse/parsed.ts';

/** The file cannot be written so that it is read back as it was. */
export type NotWritable = { error: string };

/**
 * Writes a manifest as YAML that every reader takes for the same, YAML 1.1 included. It is read back
 * with the action's own parser and compared.
 *
 * @param content nested maps, lists, texts, numbers and booleans
 * @param comment the lines above it
 */
export async function writeYaml(
  content: ReadonlyMap<string, unknown>,
  comment: readonly string[],
): Promise<{ text: string } | NotWritable> {
  const head = comment.map((line) => `# ${line}`.trimEnd()).join('\n');
  const wanted = plain(content);
  let problem = 'it is read back as something else';
  for (const style of ['plain', 'quoted'] as const) {
    const text = `${head}\n${yamlOf(content, style)}`;
    const { value, faults } = await parseText(Buffer.from(text).toString(), manifestLimit);
    if (faults.length === 0 && isDeepStrictEqual(value, wanted)) return { text };
    if (faults[0]) problem = faults[0].message;
  }
  return { error: problem };
}

function yamlOf(content: ReadonlyMap<string, unknown>, style: 'plain' | 'quoted'): string {
  // Quotes what YAML 1.1 would read as something else: no, 14:00.
  const document = new Document(content, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, (_, node) => {
    if (!isScalar(node) || typeof node.value !== 'string') return;
    if (style === 'quoted' || unusual.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
  });
  return document.toString({ lineWidth: 0 });
}

/** Control characters but line feeds, invisible ones, and halves of characters. */
const unusual = /[^\P{C}\n]|[\u2028\u2029]/u;

/** Maps as plain objects. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
}
