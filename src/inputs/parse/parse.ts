import { parseJson } from './json.ts';
import { type Limit, type Parsed, tooLarge } from './parsed.ts';

/** Parses JSON or YAML 1.2. The YAML parser is slow to load, so it loads only for YAML. */
export async function parseText(text: string, limit: Limit): Promise<Parsed> {
  if (Buffer.byteLength(text) > limit.bytes) {
    const fault = { path: [], message: tooLarge(limit), line: 1 };
    return { value: undefined, faults: [fault], lineAt: () => 1 };
  }
  const parsed = parseJson(text) ?? (await import('./yaml.ts')).parseYaml(text, limit);
  const { faults, ...rest } = parsed;
  return { ...rest, faults: faults.slice(0, maxFaults) };
}

/** More would only repeat the same mistake. */
const maxFaults = 100;
