import type { Json, JsonObject } from '../contracts/json.js';
import type { Permissions } from '../contracts/permission.js';
import type { CallStep, DirectiveStep, LlmStep } from '../contracts/plan.js';
import { requireRight } from '../contracts/require-right.js';
import { CALLS } from './definition/calls.js';

/**
 * Lets a step do its work only where its directive has the right to what it names now that its inputs are rendered.
 * A script's rights are those of what it then uses; a turn's is asked for with the model that is found for it.
 * @throws MissionError `permission_denied`
 */
export function requireUse(
  step: CallStep | LlmStep | DirectiveStep,
  inputs: Json,
  permissions: Permissions,
): void {
  const use = useOf(step, inputs as JsonObject);
  if (use === undefined) return;
  const [right, name, what] = use;
  requireRight(permissions, name === undefined ? right : `${right}:${name}`, what);
}

/** A right, the name of what is used (absent where another place chooses it), and the words for the use. */
function useOf(
  step: CallStep | LlmStep | DirectiveStep,
  inputs: JsonObject,
): [right: string, name: string | undefined, what: string] | undefined {
  switch (step.kind) {
    case 'mcp':
      return [CALLS.mcp.right, String(inputs.server), `A call of the MCP server ${inputs.server}`];
    case 'emit':
      return [CALLS.emit.right, String(inputs.event), `The event ${inputs.event}`];
    case 'llm':
      return [CALLS.llm.right, nameOf(inputs.model), `A question to a model`];
    case 'directive':
      return [CALLS.directive.right, step.directive, `A run of the directive ${step.directive}`];
    case 'script':
    case 'turn':
      return undefined;
  }
}

const nameOf = (name: Json | undefined) => (name === undefined ? undefined : String(name));
