import { runStep, type VirtualWorld } from '../harness/run-step.ts';

/** Runs a step that waits for a sync. */
export const syncWith = (world: VirtualWorld = {}, inputs: object = {}) =>
  runStep({ inputs: { wait_for_sync: true, ...inputs } }, world);
