import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiLog } from '../shared/api-log.js';
import { describeError } from './describe-error.js';
import { drain } from './drain.js';

/** Answers all failures of routes and middleware in one format. GraphQL formats its own errors. */
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
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (status === 429) response.setHeader('Retry-After', '1');
    // Sets the type again, because a handler may have set another one before it failed.
    response.status(status).type('json').json({ error });
  }
}
