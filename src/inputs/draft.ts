import { type Layer, mergeLayers } from './layer.ts';
import { formatPath, type Path, type Problem } from './problem.ts';
import { ruleProblems } from './rules.ts';
import type { ConnectionSpec, Copied, Entry, Settings } from './spec.ts';
import { specFrom } from './spec-from-fields.ts';

/** What the user wrote about a connection that copies another one. */
export type Draft = {
  /** The ID of the source, whose fields lie below the layer. */
  copy_from: string;
  layer: Layer;
  /** Where it stands: empty for the step's inputs. */
  path: Path;
};

/** What a draft gets from its source. The paths of the problems are within the draft. */
export type Copy = { layer: Layer; copied: Copied; problems: Problem[] };

/** A spec, or a draft that becomes one. */
export type SpecOrDraft = ConnectionSpec | Draft;

/** An entry of a manifest that may be a draft. */
export type DraftEntry = { name: string; spec: SpecOrDraft };

/** What a step is to do, apart from drafts that need their sources. */
export type DraftTarget = {
  kind: 'draft';
  drafts: readonly Draft[];
  max_parallel: number;
  /** Completes the drafts, in their order. */
  complete(
    copies: readonly Copy[],
  ): Promise<{ target: Settings['target'] | undefined; problems: Problem[] }>;
};

export const isDraft = (spec: SpecOrDraft): spec is Draft => 'copy_from' in spec;

/** The spec of a layer, or its draft when it copies a source; undefined when a field is missing. */
export function specOrDraft(layer: Layer, path: Path): SpecOrDraft | undefined {
  const { copy_from, state } = layer.fields;
  return copy_from === undefined || state === 'absent'
    ? specFrom(layer)
    : { copy_from, layer, path };
}

/** Completes a draft with what its source gives it. */
export function completeDraft(
  { layer, path }: Draft,
  { layer: below, copied, problems }: Copy,
): { spec: ConnectionSpec | undefined; problems: Problem[] } {
  const { copy_from: _, ...fields } = layer.fields;
  const merged = mergeLayers(below, { ...layer, fields });
  const spec = specFrom(merged);
  // Rules about what was not copied would only repeat that it was not.
  const broken = problems.length > 0 ? [] : ruleProblems(merged);
  return {
    spec: spec?.state === 'present' ? { ...spec, copied } : spec,
    problems: [...problems, ...broken].map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    })),
  };
}

/**
 * Completes the drafts among the entries of a manifest.
 *
 * @param copies one for each draft, in their order
 */
export function completeEntries(
  entries: readonly DraftEntry[],
  copies: readonly Copy[],
): { entries: Entry[]; problems: Problem[] } {
  const complete: Entry[] = [];
  const problems: Problem[] = [];
  const names = new Map<string, Path>();
  const queue = copies.values();
  for (const { name, spec: given } of entries) {
    let spec: ConnectionSpec | undefined;
    if (isDraft(given)) {
      const copy = queue.next().value;
      if (!copy) continue;
      const completed = completeDraft(given, copy);
      problems.push(...completed.problems);
      spec = completed.spec;
    } else spec = given;
    if (!spec) continue;
    complete.push({ name, spec });
    const place = placeOf(spec);
    const first = place === undefined ? undefined : names.get(place);
    const path = ['connections', name];
    if (first) problems.push({ path, message: sameNameAs(first) });
    else if (place !== undefined) names.set(place, path);
  }
  return { entries: complete, problems };
}

/** The message about a second connection of the same name. The name may hold a secret, so it is left out. */
export const sameNameAs = (first: Path): string =>
  `results in the same group and connection name as ${formatPath(first)}. Names must be unique within a group.`;

function placeOf(spec: ConnectionSpec): string | undefined {
  if (spec.state === 'absent' || spec.normalizedName === undefined) return undefined;
  return JSON.stringify([spec.group_id, spec.normalizedName]);
}
