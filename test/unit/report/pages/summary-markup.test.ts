import * as fc from 'fast-check';
import type { Outcome } from '../../../../src/connection/outcome.ts';
import { connectionComment } from '../../../../src/report/pages/comment.ts';
import { connectionSummary } from '../../../../src/report/pages/summary.ts';
import { connectionOf } from '../../../harness/connections.ts';
import { foreignMarkup } from '../../../project/markup.ts';
import { hostKey } from '../../../sandbox/fixtures.mjs';
import { hostile } from '../hostile.ts';
import { dryRun, failedWith, present, reportOf, spec } from '../outcomes.ts';

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
const change = fc.record({
  field: hostile,
  from: hostile,
  to: hostile,
  shown: fc.constantFrom('values', 'name', 'sent-again'),
});
const path = fc.array(hostile, { maxLength: 3 });
const selectionChange = fc.record({
  path,
  field: fc.constantFrom('enabled', 'sync_mode', 'hashed'),
  from: hostile,
  to: fc.oneof(hostile, fc.boolean()),
});
const paths = fc.array(path, { maxLength: 3 });
const selection = fc
  .record({ tables: paths, locked: paths, hashed: paths, excluded: paths })
  .map((names) => ({
    schemas: { enabled: 1, disabled: 0 },
    tables: { enabled: 2, disabled: 3 },
    columns: { enabled: 0, disabled: 0 },
    hashed: 0,
    names,
  }));
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc
    .tuple(answer, notes, selection)
    .map(([given, notes, selection]) => present(given, { notes, selection })),
  fc
    .tuple(answer, hostile)
    .map(([given, error]) => failedWith(error, { connection: connectionOf(given) })),
  fc
    .record({
      problems: notes,
      warnings: notes,
      steps: notes,
      fieldChanges: fc.array(change, { maxLength: 2 }),
      selectionChanges: fc.array(selectionChange, { maxLength: 2 }),
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
