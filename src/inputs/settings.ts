import { readCredentials } from './credentials.ts';
import {
  completeDraft,
  completeEntries,
  type Draft,
  type DraftTarget,
  isDraft,
  specOrDraft,
} from './draft.ts';
import { readExport } from './export/target.ts';
import { manifestFields, stepFields } from './fields/fields.ts';
import type { Layer, LayerSource } from './layer.ts';
import { readManifest } from './manifest.ts';
import { addPublicIdentity, createMasks } from './masks.ts';
import { createNotices } from './notices.ts';
import { inputLimit, manifestLimit } from './parse/parsed.ts';
import { InputError, type Problem } from './problem.ts';
import { ruleProblems } from './rules.ts';
import type { Settings } from './spec.ts';
import type { StepSource } from './step-inputs.ts';
import { readInputs, stepProblems } from './step-inputs.ts';

/** The settings as the inputs give them: copies still need their sources. */
export type ReadSettings = Omit<Settings, 'target'> & { target: Settings['target'] | DraftTarget };

/**
 * Reads and validates all inputs, and the manifest if there is one. Every secret in them is masked
 * by the time it returns or throws.
 *
 * @throws InputError with all problems at once
 */
export async function readSettings(source: StepSource): Promise<ReadSettings> {
  const masks = createMasks();
  try {
    const budget = { left: inputLimit.bytes };
    const notices = createNotices();
    return await readValidated(source, { env: source.env, budget, masks, notices });
  } finally {
    masks.apply(source.mask);
  }
}

async function readValidated(source: StepSource, reading: LayerSource): Promise<ReadSettings> {
  const credentials = readCredentials(source);
  const problems: Problem[] = 'key' in credentials ? [] : [credentials];
  const { layer, problems: found } = await readInputs(source, reading);
  problems.push(...found, ...stepProblems(layer));
  const target = await readTarget(layer, reading, problems);
  const { fields } = layer;
  const { github_token, comment_key = '' } = fields;
  const reporting = {
    summary: fields.summary ?? true,
    comment: fields.comment && github_token ? { github_token, comment_key } : undefined,
  };
  if (problems.length > 0 || !('key' in credentials) || !target) {
    throw new InputError(problems, reporting);
  }
  return {
    api: {
      url: stepFields.api_url.parse(fields.api_url),
      ...credentials,
      timeoutSeconds: stepFields.request_timeout_seconds.parse(fields.request_timeout_seconds),
      rateLimitWaitMinutes: stepFields.rate_limit_wait_minutes.parse(
        fields.rate_limit_wait_minutes,
      ),
    },
    dry_run: fields.dry_run ?? false,
    notices: reading.notices.texts(),
    ...reporting,
    target,
  };
}

/** Reads one connection or a manifest, and appends to `problems`. */
async function readTarget(
  layer: Layer,
  reading: LayerSource,
  problems: Problem[],
): Promise<ReadSettings['target'] | undefined> {
  const { manifest, max_parallel, shard, export_to } = layer.fields;
  if (export_to !== undefined) {
    const read = readExport(layer, reading.env);
    problems.push(...read.problems);
    return read.target;
  }
  if (manifest === undefined) {
    addPublicIdentity(layer.fields, reading.masks);
    problems.push(...ruleProblems(layer));
    const spec = specOrDraft(layer, []);
    return spec && (isDraft(spec) ? draftOf(spec) : { kind: 'single', spec });
  }
  const budget = { left: manifestLimit.bytes };
  const read = await readManifest(manifest, layer, { ...reading, budget });
  problems.push(...read.problems);
  const parallel = manifestFields.max_parallel.parse(max_parallel);
  const entries = entriesOf(read.entries, shard);
  const target = { kind: 'manifest', path: manifest, max_parallel: parallel, shard } as const;
  const drafts = entries.map(({ spec }) => spec).filter(isDraft);
  if (drafts.length === 0) return { ...target, entries: completeEntries(entries, []).entries };
  return {
    kind: 'draft',
    drafts,
    max_parallel: parallel,
    async complete(copies) {
      const completed = completeEntries(entries, copies);
      return {
        target: { ...target, entries: completed.entries },
        problems: await read.locate(completed.problems),
      };
    },
  };
}

/** The one connection of a step, as a copy. */
const draftOf = (draft: Draft): DraftTarget => ({
  kind: 'draft',
  drafts: [draft],
  max_parallel: 1,
  async complete(copies) {
    const [copy] = copies;
    if (!copy) return { target: undefined, problems: [] };
    const { spec, problems } = completeDraft(draft, copy);
    return { target: spec && { kind: 'single', spec }, problems };
  },
});

/** The entries of the shard `index/total`. Each entry belongs to exactly one shard. */
function entriesOf<T>(entries: T[], shard: string | undefined): T[] {
  const [index, total] = (shard ?? '0/1').split('/').map(Number);
  return entries.filter((_, position) => position % Number(total) === index);
}
