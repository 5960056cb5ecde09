import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../../access/principal.js';
import type { Json } from '../../../contracts/json/json.js';
import { McpStatusReader } from '../../../observation/readers/mcp-status.reader.js';
import { ApiSettings } from '../../shared/api-settings.js';
import { objectOf } from '../../shared/object-of.js';
import { McpCaller } from '../../shared/mcp-caller.js';
import { needs } from '../../rights/needs.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Caller } from '../schema/actor.decorator.js';
import { GraphQLJson } from '../schema/json.scalar.js';
import { McpServer, toMcpServer } from './mcp-server.type.js';

/** Reads MCP servers, and calls their tools. */
@Resolver(() => McpServer)
export class McpResolver {
  constructor(
    @Inject(McpStatusReader) private readonly status: McpStatusReader,
    @Inject(McpCaller) private readonly caller: McpCaller,
    @Inject(ApiSettings) private readonly settings: ApiSettings,
  ) {}

  @Requires('read:mcps')
  @Query(() => [McpServer], { name: 'mcpServers', description: 'Sorted by name.' })
  async servers() {
    return (await this.status.all(this.settings.mcpServers)).map(toMcpServer);
  }

  @Requires('execute:mcp_gateway')
  @Mutation(() => GraphQLJson, { name: 'callMcpTool', nullable: true })
  call(
    @Args('server', { type: () => String }) server: string,
    @Args('tool', { type: () => String }) tool: string,
    @Args('arguments', { type: () => GraphQLJson, nullable: true }) parameters: unknown,
    @Caller() caller: Principal,
  ): Promise<Json> {
    needs(caller, `execute:mcp_gateway:${server}`);
    return this.caller.call(server, tool, objectOf(parameters, 'arguments'));
  }
}
