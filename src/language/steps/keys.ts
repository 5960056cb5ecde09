import type { StepKind } from '../../contracts/plan.js';

/** Keys that say what a step does, and the kind of step that each makes. */
export const ACTIONS: Readonly<Record<string, StepKind>> = {
  script: 'script',
  tool: 'script',
  mcp: 'mcp',
  set: 'set',
  conditional: 'conditional',
  foreach: 'foreach',
  while: 'while',
  parallel: 'parallel',
  wait: 'wait',
  approve: 'approve',
  emit: 'emit',
  return: 'return',
  fail: 'fail',
};

/** Actions of the language that this version does not carry out yet. */
export const LATER_ACTIONS: readonly string[] = ['directive', 'llm'];

/** Keys that any step may have. */
export const COMMON_KEYS: readonly string[] = [
  'name',
  'description',
  'if',
  'inputs',
  'output',
  'timeout_seconds',
  'trace',
  'retry',
  'on_error',
  'compensate',
];

/** The same, not carried out yet. */
export const LATER_KEYS: readonly string[] = ['isolation'];

/** Keys that stand beside one action only. */
export const BESIDE: Readonly<Record<string, readonly string[]>> = {
  foreach: ['steps', 'concurrency', 'max_iterations', 'key', 'item_error'],
  while: ['steps', 'max_iterations'],
  parallel: ['wait_for'],
};
