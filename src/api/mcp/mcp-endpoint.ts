import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  type McpHttpHandler,
  type McpServer,
} from '@modelcontextprotocol/server';
import type { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import type { Principal } from '../../access/principal.js';
import type { ApprovalService } from '../../kernel/approval-service.js';
import type { ApprovalReader } from '../../observation/readers/approval.reader.js';
import { serverKey } from '../../platform/database/server-key.js';
import { VERSION } from '../../platform/version.js';
import type { RunEnds } from '../../verbs/call/run-ends.js';
import type { Kernel } from '../../verbs/kernel.js';
import { describeError } from '../errors/describe-error.js';
import { createMcpServer } from './mcp-server.js';
import { callStates } from './runs/request-state.js';
import type { McpTool } from './call/mcp-tool.js';
import { RunCalls } from './runs/run-call.js';
import { RunWatch } from './runs/run-watch.js';
import { registerTasks } from './runs/task-methods.js';
import { directiveTools } from './tools/directive-tools.js';
import { errorResult } from './call/tool-result.js';
import { verbTools } from './tools/verb-tools.js';

/** Tools, prompts and resources beside the kernel's. */
export interface McpExtension {
  tools: McpTool[];
  register(server: McpServer): void;
}

export interface McpEndpointOptions {
  dataSource: DataSource;
  kernel: Kernel;
  ends: RunEnds;
  approvals: ApprovalService;
  approvalReader: ApprovalReader;
  /** True = each directive is a tool of its own beside the verbs. */
  directivesAsTools: boolean;
  log: Logger;
  /** What a server offers beside the kernel; used by the conformance suite. */
  extension?: McpExtension | undefined;
}

/** The kernel as an MCP server over HTTP. Host, origin and key are checked before a request comes here. */
export class McpEndpoint {
  private handler: Promise<McpHttpHandler> | undefined;

  constructor(private readonly options: McpEndpointOptions) {}

  /** Answers one request of a caller whose key was verified, and whose body was parsed. */
  async handle(
    request: IncomingMessage & { body?: unknown },
    response: ServerResponse,
    principal: Principal,
  ): Promise<void> {
    const handler = await this.opened();
    const auth = { token: '', clientId: principal.keyId, scopes: [], extra: { principal } };
    const onerror = (err: Error) =>
      this.options.log.warn({ err }, 'an MCP request could not be answered');
    await toNodeHandler(handler, { onerror })(
      Object.assign(request, { auth }),
      response,
      request.body,
    );
  }

  async close(): Promise<void> {
    await (await this.handler?.catch(() => undefined))?.close();
  }

  /** Opened by the first request; a failure is not kept. */
  private opened(): Promise<McpHttpHandler> {
    this.handler ??= this.open().catch((error: unknown) => {
      this.handler = undefined;
      throw error;
    });
    return this.handler;
  }

  private async open(): Promise<McpHttpHandler> {
    const { dataSource, kernel, ends, approvals, approvalReader, log } = this.options;
    const states = callStates(await serverKey(dataSource, 'mcp.request_state'));
    const watch = new RunWatch(kernel, ends, approvalReader);
    const runs = new RunCalls({ kernel, watch, approvals, states });
    const verbs = [...verbTools(kernel, runs, watch), ...(this.options.extension?.tools ?? [])];
    const onFailure = (error: unknown) => errorResult(describeError(error, log));
    const toolsOf = async (principal: Principal) =>
      this.options.directivesAsTools
        ? [...verbs, ...(await directiveTools(kernel, runs, principal))]
        : verbs;
    return createMcpHandler(
      async ({ authInfo }) => {
        const tools = await toolsOf(authInfo!.extra!['principal'] as Principal);
        const verifyState = (state: string, context: Parameters<typeof states.verify>[1]) =>
          states.verify(state, context);
        const server = createMcpServer({ version: VERSION, tools, verifyState, onFailure });
        registerTasks(server.server, { kernel, watch, approvals });
        this.options.extension?.register(server);
        return server;
      },
      { onerror: (error) => log.debug({ error: error.message }, 'an MCP request was refused') },
    );
  }
}
