import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Plan, PlanStep, ScriptStep } from '../../src/contracts/plan.js';

/** A plan with these steps, as a compiler could have made it. */
export const plan = (steps: PlanStep[], changes: Partial<Plan> = {}): Plan => ({
  version: 1,
  name: 'test_directive',
  directive_version: '1.0.0',
  inputs: {},
  permissions: null,
  limits: { ...DEFAULT_CEILINGS, duration_seconds: 600 },
  trace: 'auto',
  steps,
  ...changes,
});

export const nameOf = (path: string): string => path.split('/').at(-1)!;

/** A light step that runs the script `echo`. */
export const script = (path: string, changes: Partial<ScriptStep> = {}): ScriptStep => ({
  kind: 'script',
  path,
  name: nameOf(path),
  script: 'echo',
  system: false,
  inputs: {},
  own: false,
  effect: true,
  timeout_seconds: 10,
  ...changes,
});
