import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { may } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type JsonObject } from '../../contracts/json/json.js';
import { Feed } from '../../observation/feeds/feed.js';
import { ThreadFeed } from '../../threads/events/thread-feed.js';
import { Kernel } from '../../verbs/kernel.js';
import { type Verb, VERB_NAMES } from '../../verbs/call/verb-specs.js';
import { describeError } from '../errors/describe-error.js';
import { ApiLog } from '../shared/api-log.js';
import { objectOf } from '../shared/object-of.js';
import { Requires } from '../rights/requires.decorator.js';
import type { AuthenticatedRequest } from './authenticate.js';
import type { GatedRequest } from './gate.js';
import { CallStream } from './streams/call-stream.js';
import { EventStream } from './streams/event-stream.js';

/** The kernel's verbs over HTTP. The kernel itself checks the rights of each. */
@Controller('tools')
export class ToolsController {
  constructor(
    @Inject(Kernel) private readonly kernel: Kernel,
    @Inject(Feed) private readonly feed: Feed,
    @Inject(ThreadFeed) private readonly threadFeed: ThreadFeed,
    @Inject(ApiLog) private readonly log: ApiLog,
  ) {}

  /** `stream`: what happens meanwhile as events, then the answer; else the answer alone, after at most 20 s. */
  @Requires('read:directives')
  @HttpCode(200)
  @Post(':verb')
  async call(
    @Param('verb') name: string,
    @Body() body: unknown,
    @Req() request: AuthenticatedRequest & GatedRequest,
    @Res() response: Response,
  ): Promise<void> {
    const verb = VERB_NAMES.find((each) => each === name);
    if (!verb) {
      const text = `There is no verb ${name.slice(0, 40)}: there are ${VERB_NAMES.join(', ')}.`;
      throw new MissionError('not_found', text);
    }
    const { stream, ...args } = objectOf(body, 'the body');
    if (wantsStream(stream ?? null, args)) return this.stream(verb, args, request, response);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const caller = { principal: request.principal!, signal: gone.signal };
    response.json(await this.kernel.call(verb, args, caller));
  }

  private async stream(
    verb: Verb,
    args: JsonObject,
    request: AuthenticatedRequest & GatedRequest,
    response: Response,
  ): Promise<void> {
    const principal = request.principal!;
    // A stream may last for an hour: it holds neither its body nor a place among the requests.
    request.body = undefined;
    request.leave?.();
    const describe = (error: unknown) => describeError(error, this.log.pino);
    const { kernel, feed, threadFeed } = this;
    const calling = new CallStream(new EventStream(response), {
      kernel,
      feed,
      threadFeed,
      describe,
    });
    await calling.call(verb, args, { principal }, may(principal, 'read:executions'));
  }
}

/** `stream` beside the arguments, or among the parameters of `execute`. */
function wantsStream(given: unknown, { parameters }: JsonObject): boolean {
  const inner = isObject(parameters ?? null) ? (parameters as JsonObject)['stream'] : undefined;
  const wanted = given ?? inner ?? false;
  if (typeof wanted === 'boolean') return wanted;
  throw new MissionError('input_invalid', '"stream" must be true or false.');
}
