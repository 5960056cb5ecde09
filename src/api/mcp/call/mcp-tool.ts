import type {
  CallToolResult,
  InputRequiredResult,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '../../../contracts/json/json.js';

/** A task as it is answered to a tool call: its id is the run's. */
export interface CreatedTask extends CallToolResult {
  resultType: 'task';
  taskId: string;
}

export type ToolAnswer = CallToolResult | InputRequiredResult | CreatedTask;

/** A tool that the MCP server offers. */
export interface McpTool {
  /** Name, description and input schema, as clients list them. */
  definition: Tool;
  /** @throws MissionError for expected failures, ProtocolError for a broken request */
  call(args: JsonObject, context: ServerContext): Promise<ToolAnswer>;
}
