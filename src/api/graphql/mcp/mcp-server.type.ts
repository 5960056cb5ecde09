import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { isObject, type Json } from '../../../contracts/json/json.js';
import type { McpState } from '../../../contracts/mcp.js';
import type { McpStatus } from '../../../observation/readers/mcp-status.reader.js';
import type { McpServerRow } from '../../../platform/database/entities/mcp/mcp-server.row.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const McpStateEnum = enumOf<McpState>('McpState', ['connected', 'degraded', 'disconnected']);

/** A tool as its server lists it. */
@ObjectType()
export class McpTool {
  @Field(() => String)
  name: string;

  @Field(() => String, { nullable: true })
  description: string | null;

  @Field(() => GraphQLJson, { nullable: true, description: 'JSON Schema of the arguments.' })
  inputSchema: Json;
}

/** An MCP server as one worker reports it. */
@ObjectType()
export class McpServerWorker {
  @Field(() => ID)
  workerId: string;

  @Field(() => McpStateEnum)
  state: McpState;

  @Field(() => String, { nullable: true })
  reason: string | null;

  @Field(() => GraphQLDateTime)
  since: Date;

  @Field(() => GraphQLDateTime)
  checkedAt: Date;

  @Field(() => Float, { nullable: true })
  latencyMs: number | null;
}

/** An MCP server as all workers together see it. */
@ObjectType({ description: 'An MCP server, with the state that the live workers report.' })
export class McpServer {
  @Field(() => ID)
  id: string;

  @Field(() => McpStateEnum, { description: 'The worst state that any live worker reports.' })
  state: McpState;

  @Field(() => String, { nullable: true })
  reason: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  since: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'stdio or http; null until a worker has reported.',
  })
  transport: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True if its process runs in a sandbox on every live worker; null for a server reached over HTTP.',
  })
  jailed: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The negotiated revision of MCP, such as 2025-11-25.',
  })
  protocolVersion: string | null;

  @Field(() => [String], {
    description: 'Problems with the tools that the server lists. Each message names the tool.',
  })
  warnings: string[];

  @Field(() => [McpTool])
  tools: McpTool[];

  @Field(() => [McpServerWorker])
  workers: McpServerWorker[];
}

const toWorker = (row: McpServerRow): McpServerWorker => ({
  workerId: row.worker_id,
  state: row.state,
  reason: row.reason,
  since: row.since,
  checkedAt: row.checked_at,
  latencyMs: row.latency_ms,
});

const text = (value: Json | undefined) => (typeof value === 'string' ? value : null);

const toTools = (tools: Json): McpTool[] =>
  (Array.isArray(tools) ? tools : []).filter(isObject).map((tool) => ({
    name: text(tool['name']) ?? '',
    description: text(tool['description']),
    inputSchema: tool['inputSchema'] ?? null,
  }));

/** Converts a status to the API's type. The tools are those of the worker that lists the most. */
export function toMcpServer(status: McpStatus): McpServer {
  const lists = status.workers.map(({ tools }) => toTools(tools));
  const tools = lists.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const { server: id, workers, protocol_version: protocolVersion, ...rest } = status;
  return { ...rest, id, protocolVersion, tools, workers: workers.map(toWorker) };
}
