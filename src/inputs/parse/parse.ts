import type { Path } from '../problem.ts';
import { parseCleanJson } from './json.ts';
import { type Limit, type Parsed, tooLarge } from './parsed.ts';

/**
 * Parses JSON or YAML 1.2. The YAML parser is slow to load, so it loads only for YAML, for JSON
 * with a fault, and for the line of a value in JSON.
 */
export async function parseText(written: string, limit: Limit): Promise<Parsed> {
  const text = written.replace(/^\ufeff/, '');
  if (Buffer.byteLength(text) > limit.bytes) {
    const fault = { path: [], message: tooLarge(limit), line: 1 };
    return { value: undefined, faults: [fault], lineAt: async () => 1 };
  }
  let parsed: Promise<Parsed> | undefined;
  const parseAsYaml = async (): Promise<Parsed> =>
    (await import('./yaml.ts')).parseYaml(text, limit);
  const value = parseCleanJson(text);
  if (value === undefined) {
    const { faults, ...rest } = await parseAsYaml();
    return { ...rest, faults: faults.slice(0, maxFaults) };
  }
  const lineAt = async (path: Path): Promise<number> => {
    parsed ??= parseAsYaml();
    return (await parsed).lineAt(path);
  };
  return { value, faults: [], lineAt };
}

/** More would only repeat the same mistake. */
const maxFaults = 100;
