import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public, Requires } from '../rights/requires.decorator.js';
import { Metrics } from './metrics.js';
import { ReadinessProbe } from './readiness.js';

/** Serves liveness, readiness and metrics. */
@Controller()
export class HealthController {
  constructor(
    @Inject(ReadinessProbe) private readonly readiness: ReadinessProbe,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Public()
  @Get('live')
  live(): { status: string } {
    return { status: 'live' };
  }

  @Public()
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const { ready, reasons } = await this.readiness.check();
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'unavailable', reasons };
  }

  @Requires('read:metrics')
  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.metrics.text();
  }
}
