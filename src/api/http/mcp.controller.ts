import type { IncomingHttpHeaders } from 'node:http';
import { All, Controller, Inject, type OnApplicationShutdown, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { McpEndpoint } from '../mcp/mcp-endpoint.js';
import { Requires } from '../rights/requires.decorator.js';
import type { AuthenticatedRequest } from './authenticate.js';
import type { GatedRequest } from './gate.js';

/** The kernel as an MCP server: one path for all revisions. The kernel itself checks the rights of each verb. */
@Controller('mcp')
export class McpController implements OnApplicationShutdown {
  constructor(@Inject(McpEndpoint) private readonly endpoint: McpEndpoint) {}

  @Requires('read:directives')
  @All()
  async handle(
    @Req() request: AuthenticatedRequest & GatedRequest,
    @Res() response: Response,
  ): Promise<void> {
    request.leave?.();
    acceptAll(request.headers);
    await this.endpoint.handle(request, response, request.principal!);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.endpoint.close();
  }
}

/** A client that accepts any type accepts JSON and streams as well; the SDK looks for their names. */
function acceptAll(headers: IncomingHttpHeaders): void {
  if (headers.accept?.includes('*/*')) headers.accept = 'application/json, text/event-stream';
}
