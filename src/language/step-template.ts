import type { CallStep, Template } from '../contracts/plan.js';

/** What a call renders before it is made. */
export function stepTemplate(step: CallStep): Template {
  switch (step.kind) {
    case 'script':
      return step.inputs;
    case 'mcp':
      return { server: step.server, tool: step.tool, arguments: step.arguments };
    case 'emit':
      return { event: step.event, data: step.inputs };
    case 'turn':
      return '{{ request }}';
  }
}
