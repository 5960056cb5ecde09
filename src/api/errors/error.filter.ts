import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiLog } from '../shared/api-log.js';
import { describeError } from './describe-error.js';
import { drain } from './drain.js';

/** Every failure of a route, and of what runs before it, in one shape. GraphQL formats its own. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(ApiLog) private readonly log: ApiLog) {}

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return thrown;
    const http = host.switchToHttp();
    void this.answer(thrown, http.getRequest(), http.getResponse());
    return undefined;
  }

  private async answer(thrown: unknown, request: Request, response: Response): Promise<void> {
    const { status, ...error } = describeError(thrown, this.log.pino);
    await drain(request);
    if (response.headersSent) return void response.destroy();
    if (status === 429) response.setHeader('Retry-After', '1');
    // A handler that promised another type has set its header already.
    response.status(status).type('json').json({ error });
  }
}
