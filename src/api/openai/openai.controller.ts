import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { MissionError } from '../../contracts/errors.js';
import type { ThreadEventData } from '../../contracts/thread.js';
import { DirectiveRegistry } from '../../kernel/directive-registry.js';
import type { PostedMessage } from '../../threads/thread-messages.js';
import { DEFAULT_DIRECTIVE } from '../../threads/thread-service.js';
import { Threads } from '../../threads/threads.js';
import { ApiLog } from '../shared/api-log.js';
import { describeError } from '../errors/describe-error.js';
import { objectOf } from '../shared/object-of.js';
import { Requires } from '../rights/requires.decorator.js';
import type { AuthenticatedRequest } from '../http/authenticate.js';
import { chunk, completion, GrowingText, usageChunk, type ChunkHead } from './chunks.js';
import { readChatRequest, type ChatRequest } from './conversation.js';
import { helperAnswer } from './helper-task.js';

/** Models are named so that no client takes them for a vendor's. */
const PREFIX = 'mc-';
const WAIT_MS = 300_000;
const HEARTBEAT_MS = 15_000;

/** What OpenAI-compatible clients call: models, and answers in conversations. */
@Controller('v1')
export class OpenaiController {
  constructor(
    @Inject(DirectiveRegistry) private readonly registry: DirectiveRegistry,
    @Inject(Threads) private readonly threads: Threads,
    @Inject(ApiLog) private readonly log: ApiLog,
  ) {}

  /** The directives that talk, each as a model. */
  @Requires('read:directives')
  @Get('models')
  async models() {
    const all = await this.registry.list(null, null);
    const names = all.filter(({ plan }) => plan?.instructions).map(({ name }) => name);
    const data = names.sort().map((name) => ({
      id: `${PREFIX}${name}`,
      object: 'model',
      created: 0,
      owned_by: 'mission-control',
    }));
    return { object: 'list', data };
  }

  @Requires('execute:directives')
  @HttpCode(200)
  @Post('chat/completions')
  async complete(
    @Body() body: unknown,
    @Req() request: AuthenticatedRequest,
    @Res() response: Response,
  ): Promise<void> {
    try {
      const chat = readChatRequest(objectOf(body, 'the body'), (name) => request.get(name));
      const head = headOf(chat);
      if (chat.ignored.length > 0) response.setHeader('x-mission-ignored', chat.ignored.join(', '));
      const helper = helperAnswer(chat.message);
      if (helper !== undefined) return this.say(response, chat, head, helper);
      const posted = await this.post(chat, request);
      await (chat.stream ? this.stream : this.whole).call(this, response, chat, head, posted);
    } catch (thrown) {
      this.refuse(response, thrown);
    }
  }

  /** One thread for each conversation. Clients send all of it each time: only what is new is a message. */
  private async post(chat: ChatRequest, request: AuthenticatedRequest): Promise<PostedMessage> {
    const principal = request.principal!;
    if (!chat.model.startsWith(PREFIX)) throw unknownModel(chat.model);
    const name = chat.model.slice(PREFIX.length);
    const directive = name === 'intent' ? DEFAULT_DIRECTIVE : name;
    const thread = await this.threads.service
      .open(principal, {
        directive,
        mode: 'persistent',
        channel: `${chat.channel}:${name}`,
        platform: 'api',
      })
      .catch((error: unknown) => {
        throw error instanceof MissionError && error.code === 'not_found'
          ? unknownModel(chat.model)
          : error;
      });
    await this.threads.messages.recall(thread.id, chat.history);
    const { message, clientId: client_id } = chat;
    return this.threads.messages.post(principal, thread.id, { message, client_id });
  }

  private say(response: Response, { stream }: ChatRequest, head: ChunkHead, text: string): void {
    if (!stream) return void response.json(completion(head, text, 0));
    begin(response);
    send(response, chunk(head, { role: 'assistant', content: text }));
    end(response, head);
  }

  private async whole(
    response: Response,
    _chat: ChatRequest,
    head: ChunkHead,
    posted: PostedMessage,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await this.threads.answers.wait(posted, WAIT_MS, gone.signal);
    if (!answer)
      throw new MissionError('timeout', 'The answer takes longer; ask again to follow it.');
    if (answer.status !== 'done' && answer.content === '')
      throw new MissionError(
        answer.error?.code ?? 'internal',
        answer.error?.message ?? `The answer was ${answer.status}.`,
      );
    response.json(completion(head, answer.content, answer.tokens_used));
  }

  /** A client that goes ends its stream, not the answer: the same request again follows it. */
  private async stream(
    response: Response,
    { includeUsage }: ChatRequest,
    head: ChunkHead,
    { thread_id, message_id, after }: PostedMessage,
  ): Promise<void> {
    begin(response);
    const events = this.threads.feed.follow(thread_id, after);
    response.once('close', () => events.close());
    const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), HEARTBEAT_MS);
    const text = new GrowingText();
    send(response, chunk(head, { role: 'assistant', content: '' }));
    try {
      for await (const event of events) {
        if (event.message_id !== message_id) continue;
        const content = text.add(event);
        if (content !== '') send(response, chunk(head, { content }));
        if (event.type === 'error') {
          const { error: message, code } = event.data as ThreadEventData['error'];
          send(response, { error: { message, type: 'server_error', param: null, code } });
          return void response.end();
        }
        if (event.type !== 'message_stop') continue;
        const { tokens_used } = event.data as ThreadEventData['message_stop'];
        return end(response, head, includeUsage ? tokens_used : undefined);
      }
    } finally {
      clearInterval(heartbeat);
      response.end();
    }
  }

  private refuse(response: Response, thrown: unknown): void {
    const { status, message, code } = describeError(thrown, this.log.pino);
    if (response.headersSent) return void response.destroy();
    if (status === 429) response.setHeader('retry-after', '1');
    const type = status >= 500 ? 'server_error' : 'invalid_request_error';
    response.status(status).json({ error: { message, type, param: null, code } });
  }
}

const headOf = ({ model }: ChatRequest): ChunkHead => ({
  id: `chatcmpl-${randomUUID()}`,
  created: Math.floor(Date.now() / 1000),
  model,
});

const unknownModel = (model: string) =>
  new MissionError('not_found', `There is no model ${model.slice(0, 100)}; see GET /v1/models.`);

function begin(response: Response): void {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
}

const send = (response: Response, data: object): void =>
  void response.write(`data: ${JSON.stringify(data)}\n\n`);

function end(response: Response, head: ChunkHead, tokens?: number): void {
  send(response, chunk(head, {}, 'stop'));
  if (tokens !== undefined) send(response, usageChunk(head, tokens));
  response.write('data: [DONE]\n\n');
  response.end();
}
