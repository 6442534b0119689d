import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Outcome } from '../../../../src/connection/outcome.ts';
import { connectionComment } from '../../../../src/report/pages/comment.ts';
import { connectionSummary } from '../../../../src/report/pages/summary.ts';
import { foreignMarkup } from '../../../project/markup.ts';
import { hostKey } from '../../../sandbox/fixtures.mjs';
import { hostile } from '../hostile.ts';
import { connectionOf, dryRun, failedWith, present, reportOf, spec } from '../outcomes.ts';

const text = fc.option(hostile, { nil: undefined });
const detail = fc.oneof(
  fc.constant(undefined),
  hostile,
  fc.record({ public_key: hostile.map((name) => `${hostKey.public_key}${name}`), name: hostile }),
  fc.array(fc.dictionary(hostile, hostile), { maxLength: 3 }),
);
const sayings = fc.array(fc.record({ code: text, message: text }), { maxLength: 2 });
const answer = fc.record({
  id: hostile.map((id) => id || 'x'),
  group_id: text,
  service: text,
  schema: text,
  status: fc.record({
    setup_state: fc.oneof(text, fc.constantFrom('connected', 'broken', 'incomplete')),
    sync_state: text,
    tasks: sayings,
    warnings: sayings,
  }),
  setup_tests: fc.array(
    fc.record({
      title: hostile,
      status: fc.oneof(hostile, fc.constantFrom('PASSED', 'WARNING')),
      message: hostile,
      details: detail,
    }),
    { maxLength: 4 },
  ),
});
const notes = fc.array(hostile, { maxLength: 2 });
const change = fc.record({ field: hostile, from: hostile, to: hostile, secret: fc.boolean() });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.tuple(answer, notes).map(([given, notes]) => present(given, { notes })),
  fc
    .tuple(answer, hostile)
    .map(([given, error]) => failedWith(error, { connection: connectionOf(given) })),
  fc
    .record({
      problems: notes,
      warnings: notes,
      steps: notes,
      changes: fc.array(change, { maxLength: 2 }),
    })
    .map((found) => dryRun({ plan: 'update', ...found })),
);

test('whatever Fivetran answers, summary and comment have no markup but their own', () => {
  fc.assert(
    fc.property(outcome, hostile, (given, name) => {
      const report = reportOf(given, { ...spec, name, service: name });
      expect(foreignMarkup(connectionSummary(report))).toEqual([]);
      expect(foreignMarkup(connectionComment(report))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
