import { Injectable, type LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** The log of the process, for Nest as well, whose informational lines are logged at `debug`. */
@Injectable()
export class ApiLog implements LoggerService {
  constructor(readonly pino: Logger) {}

  log(message: unknown): void {
    this.pino.debug(String(message));
  }

  warn(message: unknown): void {
    this.pino.warn(String(message));
  }

  error(message: unknown, ...details: unknown[]): void {
    this.pino.error({ details }, String(message));
  }
}
