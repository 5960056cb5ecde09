import type { StepView } from '../../../src/cli/client/views.js';

/** A step as the API shows it. */
export const stepView = (name: string, status: string, more: Partial<StepView> = {}): StepView => ({
  path: name,
  name,
  kind: 'script',
  iteration: null,
  status,
  attempt: 1,
  fused: false,
  reusedFrom: null,
  childId: null,
  error: null,
  durationMs: 12,
  ...more,
});
