import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { ApiLog } from '../api-log.js';
import { describeError } from './describe-error.js';

/** Every failure of a route, and of what runs before it, in one shape. GraphQL formats its own. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(ApiLog) private readonly log: ApiLog) {}

  catch(thrown: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return thrown;
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.destroy();
    const { status, ...error } = describeError(thrown, this.log.pino);
    if (status === 429) response.setHeader('Retry-After', '1');
    // A handler that promised another type has set its header already.
    response.status(status).type('json').json({ error });
  }
}
