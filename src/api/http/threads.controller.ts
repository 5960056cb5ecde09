import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import { ThreadAnswers } from '../../threads/thread-answers.js';
import { ThreadMessages } from '../../threads/thread-messages.js';
import { ThreadService } from '../../threads/thread-service.js';
import { ThreadFeed } from '../../threads/events/thread-feed.js';
import { objectOf } from '../shared/object-of.js';
import { Requires } from '../rights/requires.decorator.js';
import type { AuthenticatedRequest } from './authenticate.js';
import type { GatedRequest } from './gate.js';
import { sendEvents } from './send-events.js';
import { toAnswerJson, toMemoryJson, toMessageJson, toThreadJson } from './threads.json.js';

/** Milliseconds for which a request without a stream waits for the answer: clients give up after 60 s. */
const WAIT_MS = 55_000;

type ThreadRequest = AuthenticatedRequest & GatedRequest;

/** Conversations over HTTP: JSON answers, and streams of events that can be resumed. */
@Controller('threads')
export class ThreadsController {
  constructor(
    @Inject(ThreadService) private readonly threads: ThreadService,
    @Inject(ThreadMessages) private readonly messages: ThreadMessages,
    @Inject(ThreadAnswers) private readonly answers: ThreadAnswers,
    @Inject(ThreadFeed) private readonly feed: ThreadFeed,
  ) {}

  @Requires('execute:directives')
  @Post()
  async open(@Body() body: unknown, @Req() request: ThreadRequest) {
    const { inputs, ...rest } = objectOf(body, 'the body');
    const given = textsOf(rest, [
      'directive',
      'mode',
      'channel',
      'project_path',
      'platform',
      'on_busy',
      'memory',
    ]);
    const { request: message, ...others } = objectOf(inputs, 'inputs');
    const thread = await this.threads.open(request.principal!, { ...given, inputs: others });
    const posted =
      message === undefined
        ? {}
        : await this.messages.post(request.principal!, thread.id, { message: message as string });
    return { thread_id: thread.id, ...posted };
  }

  @Requires('read:executions')
  @Get()
  async list(@Query('first') first: string | undefined, @Req() request: ThreadRequest) {
    const threads = await this.threads.list(request.principal!, Number(first) || 20);
    return { threads: threads.map(toThreadJson) };
  }

  @Requires('read:executions')
  @Get(':id')
  async show(@Param('id') id: string, @Req() request: ThreadRequest) {
    const thread = await this.threads.find(request.principal!, id);
    const messages = await this.threads.messages(request.principal!, id);
    const memory = await this.threads.memory(request.principal!, id);
    return {
      ...toThreadJson(thread),
      messages: messages.map(toMessageJson),
      memory: memory ? toMemoryJson(memory) : null,
    };
  }

  /** Sends a message. `stream`: the events of the answer; else the answer itself, or 202 after 55 s. */
  @Requires('execute:directives')
  @Post(':id/message')
  async message(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: ThreadRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { stream, message, ...rest } = objectOf(body, 'the body');
    if (stream !== undefined && typeof stream !== 'boolean')
      throw new MissionError('input_invalid', '"stream" must be true or false.');
    const options = textsOf(rest, ['client_id', 'on_busy']);
    const posted = await this.messages.post(request.principal!, id, {
      message: message as string,
      ...options,
    });
    request.body = undefined;
    request.leave?.();
    const { after, message_id } = posted;
    if (stream === true)
      return sendEvents(response, this.feed.follow(id, after), { messageId: message_id });
    const answer = await this.answers.wait(posted, WAIT_MS, closing(response));
    response.status(answer ? 200 : 202).json(toAnswerJson(posted, answer));
  }

  /** The events of a thread after `Last-Event-ID` or `after`, and all that follow. */
  @Requires('read:executions')
  @Get(':id/stream')
  async stream(
    @Param('id') id: string,
    @Query() { after, message_id }: Record<string, string | undefined>,
    @Req() request: ThreadRequest,
    @Res() response: Response,
  ): Promise<void> {
    const thread = await this.threads.find(request.principal!, id);
    const last = request.get('last-event-id');
    const from = sequenceOf(last ?? after, thread.event_seq);
    const only = message_id === undefined ? {} : { messageId: message_id };
    await sendEvents(response, this.feed.follow(id, from), only);
  }

  /** Stops the answer that is being given; with `close`, the thread as well. */
  @Requires('execute:directives')
  @Post(':id/cancel')
  async cancel(@Param('id') id: string, @Body() body: unknown, @Req() request: ThreadRequest) {
    const { close } = objectOf(body, 'the body');
    const cancelled = await this.messages.cancel(request.principal!, id, { close: close === true });
    return { thread_id: id, cancelled };
  }

  /** Takes back the latest compaction. */
  @Requires('execute:directives')
  @Post(':id/undo-compaction')
  async undoCompaction(@Param('id') id: string, @Req() request: ThreadRequest) {
    const upto = await this.threads.undoCompaction(request.principal!, id);
    return { thread_id: id, upto_seq: upto };
  }

  @Requires('execute:directives')
  @Post(':id/pause')
  async pause(@Param('id') id: string, @Req() request: ThreadRequest) {
    await this.messages.pause(request.principal!, id);
    return { thread_id: id, status: 'paused' };
  }

  @Requires('execute:directives')
  @Post(':id/resume')
  async resume(@Param('id') id: string, @Req() request: ThreadRequest) {
    await this.messages.resume(request.principal!, id);
    return { thread_id: id, status: 'running' };
  }
}

function closing(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** The named texts of a body. */
function textsOf<Name extends string>(
  body: JsonObject,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  for (const [name, value] of Object.entries(body)) {
    if (!names.includes(name as Name))
      throw new MissionError(
        'input_invalid',
        `unknown key ${name.slice(0, 50)}; there are ${names.join(', ')}.`,
      );
    if (value !== null && typeof value !== 'string')
      throw new MissionError('input_invalid', `"${name}" must be a text.`);
  }
  const given = Object.entries(body).filter(([, value]) => value !== null);
  return Object.fromEntries(given) as Partial<Record<Name, string>>;
}

function sequenceOf(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new MissionError(
    'input_invalid',
    'Last-Event-ID must be the id of an event of this thread.',
  );
}
