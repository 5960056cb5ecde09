import type { Severity } from '../../contracts/diagnostic.js';

/** Severity of every finding of the compiler, by code. Only errors make a file invalid. */
export const CODES = {
  // the text itself
  empty_file: 'error',
  too_large: 'error',
  nesting_too_deep: 'error',
  control_character: 'error',
  yaml_syntax: 'error',
  yaml_directive: 'error',
  yaml_tag: 'error',
  several_documents: 'error',
  tab_indentation: 'error',
  xml_syntax: 'error',
  signature: 'error',
  misplaced_text: 'error',
  duplicate_key: 'error',
  merge_key: 'error',
  invalid_key: 'error',
  invalid_number: 'error',
  unknown_alias: 'error',
  alias_cycle: 'error',
  alias_expansion: 'error',
  unquoted_expression: 'error',
  // shape
  unknown_key: 'error',
  unknown_kind: 'error',
  missing_key: 'error',
  missing_action: 'error',
  several_actions: 'error',
  invalid_type: 'error',
  invalid_value: 'error',
  invalid_name: 'error',
  invalid_version: 'error',
  empty_steps: 'error',
  duplicate_name: 'error',
  misplaced_key: 'error',
  limit_too_high: 'error',
  cannot_fit: 'error',
  // declared inputs
  required_with_default: 'error',
  unknown_type: 'error',
  // permissions
  invalid_permission: 'error',
  permission_missing: 'error',
  invalid_secret: 'error',
  secret_to_model: 'error',
  // what steps name
  unknown_script: 'error',
  unknown_server: 'error',
  unknown_model: 'error',
  unknown_tool: 'error',
  invalid_schema: 'error',
  unknown_directive: 'error',
  invalid_range: 'error',
  unknown_input: 'error',
  missing_input: 'error',
  input_invalid: 'error',
  // expressions
  expression_syntax: 'error',
  expression_in_key: 'error',
  unknown_function: 'error',
  unknown_name: 'error',
  unknown_step: 'error',
  invalid_condition: 'error',
  expression_fails: 'error',
  // warnings
  missing_description: 'warning',
  missing_permissions: 'warning',
  unknown_permission: 'warning',
  script_not_available: 'warning',
  secret_in_clear: 'warning',
  secret_in_text: 'warning',
  secret_not_filled: 'warning',
  unused_key: 'warning',
  foreign_template: 'warning',
  leading_zero: 'warning',
  large_number: 'warning',
  unknown_field: 'warning',
  ambiguous_name: 'warning',
  unknown_format: 'warning',
  step_not_finished: 'warning',
  expression_may_fail: 'warning',
  version_outside_range: 'warning',
  directive_cycle: 'warning',
  // the checker itself failed
  internal: 'error',
} as const satisfies Record<string, Severity>;

/** Further findings of `mission lint`: severity and reason. Comments in the text can suppress each. */
export const LINTS = {
  unused_input: ['warning', 'an input that nothing reads'],
  undescribed_input: [
    'warning',
    'an input without a description: people who start the run see only its name',
  ],
  unused_output: ['warning', 'a step with fields in "output" that nothing reads'],
  unused_permission: ['warning', 'a permission that no step needs'],
  redundant_permission: ['warning', 'a file permission that another one already grants or denies'],
  unreachable_step: ['warning', 'a step after one that always ends the run'],
  unbounded_loop: [
    'warning',
    'a foreach over a computed list without max_iterations or limits.iterations',
  ],
  endless_wait: ['warning', 'a wait for a signal or an event without timeout_seconds'],
  beyond_duration: ['warning', 'a timeout or wait that is longer than limits.duration_seconds'],
  no_approver: ['warning', 'an approve step that no holder of an API key can approve'],
  others_approve: [
    'info',
    'an approve step that the starter of the run cannot approve; if only one person has an API key, nobody can',
  ],
  key_ignored: ['warning', 'a retried script that does not use context.idempotency_key'],
  unnamed_question: ['info', 'a step shown to people that has no name'],
  unknown_lint: ['warning', 'a lint-ignore with an unknown code'],
} as const satisfies Record<string, readonly [Severity, string]>;

export type LintCode = keyof typeof LINTS;

/** A code of {@link CODES}. */
export type Code = keyof typeof CODES;
