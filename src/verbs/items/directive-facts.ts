import type { JsonObject } from '../../contracts/json/json.js';
import type { InputSpec, Plan } from '../../contracts/plan.js';
import { wordsOf } from '../../intent/words.js';
import type { CheckedDirective } from '../../kernel/directive-registry.js';

/** Words of what cannot be undone. */
const DESTRUCTIVE = new Set(
  'delete deletes remove removes drop drops destroy destroys purge purges wipe wipes erase erases truncate reset resets overwrite overwrites uninstall revoke revokes terminate terminates shutdown decommission format'.split(
    ' ',
  ),
);

/** True if a directive may destroy something: by its permissions, or by what it says of itself. */
export function isDestructive({ name, description = '', permissions }: Plan): boolean {
  if (permissions?.some((tag) => tag.startsWith('delete:'))) return true;
  return wordsOf(`${name} ${description}`).some((word) => DESTRUCTIVE.has(word));
}

export const isRequired = ({ required, default: fallback }: InputSpec): boolean =>
  required ?? fallback === undefined;

function inputFacts(inputs: Plan['inputs']): JsonObject {
  const entries = Object.entries(inputs).map(([name, spec]) => {
    const { required: _, ...rest } = spec;
    return [name, { ...rest, required: isRequired(spec) }];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** What a search tells of a directive. */
export function directiveFacts({ plan, diagnostics }: CheckedDirective): JsonObject {
  if (!plan) {
    const [first] = diagnostics.filter(({ severity }) => severity === 'error');
    return {
      invalid: true,
      error: first ? `${first.line}:${first.column} ${first.message}` : null,
    };
  }
  return {
    description: plan.description ?? '',
    version: plan.directive_version,
    kind: plan.instructions ? 'instructions' : 'steps',
    inputs: inputFacts(plan.inputs),
    destructive: isDestructive(plan),
  };
}

/** The inputs of a directive as a list, for those who have to give them. */
export const inputList = ({ inputs }: Plan): JsonObject[] =>
  Object.entries(inputs).map(
    ([name, spec]) =>
      ({
        name,
        type: spec.type ?? 'any',
        required: isRequired(spec),
        description: spec.description ?? '',
        ...(spec.default !== undefined && { default: spec.default }),
        ...(spec.enum && { enum: spec.enum }),
        ...(spec.format && { format: spec.format }),
      }) as JsonObject,
  );
