import type { JsonObject } from '../contracts/json.js';
import type { CallStep } from '../contracts/plan.js';

/** What a call renders before it is made. */
export function stepTemplate(step: CallStep): JsonObject {
  switch (step.kind) {
    case 'script':
      return step.inputs;
    case 'mcp':
      return { server: step.server, tool: step.tool, arguments: step.arguments };
    case 'emit':
      return { event: step.event, data: step.inputs };
  }
}
