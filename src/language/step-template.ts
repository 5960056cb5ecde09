import type { JsonObject } from '../contracts/json.js';
import type { McpStep, ScriptStep } from '../contracts/plan.js';

/** What a script or MCP step renders before it runs. */
export const stepTemplate = (step: ScriptStep | McpStep): JsonObject =>
  step.kind === 'script'
    ? step.inputs
    : { server: step.server, tool: step.tool, arguments: step.arguments };
