import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MissionError } from '../../contracts/errors.js';
import { Kernel } from '../../verbs/kernel.js';
import { VERB_NAMES } from '../../verbs/call/verb-specs.js';
import { objectOf } from '../shared/object-of.js';
import { Requires } from '../rights/requires.decorator.js';
import type { AuthenticatedRequest } from './authenticate.js';

/** The kernel's verbs over HTTP. The kernel itself checks the rights of each. */
@Controller('tools')
export class ToolsController {
  constructor(@Inject(Kernel) private readonly kernel: Kernel) {}

  @Requires('read:directives')
  @HttpCode(200)
  @Post(':verb')
  async call(
    @Param('verb') name: string,
    @Body() body: unknown,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ) {
    const verb = VERB_NAMES.find((each) => each === name);
    if (!verb) {
      const text = `There is no verb ${name.slice(0, 40)}: there are ${VERB_NAMES.join(', ')}.`;
      throw new MissionError('not_found', text);
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const caller = { principal: request.principal!, signal: gone.signal };
    return this.kernel.call(verb, objectOf(body, 'the body'), caller);
  }
}
