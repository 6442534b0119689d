/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

/** @type {Scenario} */
export const oddAnswer = {
  description: 'answers with null, missing and unknown fields, and an unknown test status',
  tests: () => [
    { title: 'Connecting to the source', status: 'DEFERRED_TO_AGENT', message: 'Runs elsewhere' },
  ],
  reshape(view) {
    const { paused: _paused, source_sync_details: _details, ...rest } = view;
    const odd = {
      ...rest,
      sync_frequency: String(view.sync_frequency),
      data_delay_threshold: null,
      service_version: '3',
      schedule_type: 'lunar',
      networking_method: null,
      config: null,
      connected_by: null,
      quantum_state: { entangled_with: [null, 7] },
      status: {
        setup_state: 'connected',
        sync_state: 'hibernating',
        tasks: null,
        warnings: [null],
      },
    };
    return Array.isArray(view.setup_tests)
      ? { ...odd, setup_tests: [...view.setup_tests, ...ODD_TESTS] }
      : odd;
  },
};

const ODD_TESTS = [
  { title: null, status: 'PASSED', message: null, details: null },
  { status: 'PASSED', message: 404, details: [[], {}, 'text', 5, null, { a: { b: [1] } }] },
  { title: 12, status: 'WARNING', details: true, severity: 'mild' },
  { title: 'Checking permissions', status: 'SKIPPED', message: { text: 'as an object' } },
];
