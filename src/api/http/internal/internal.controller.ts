import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MissionError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';
import { Executor } from '../../../kernel/execute.js';
import { BlobReader } from '../../../observation/readers/blob.reader.js';
import { ExecutionReader } from '../../../observation/readers/execution.reader.js';
import { Feed } from '../../../observation/feeds/feed.js';
import { Library } from '../../../platform/library/library.js';
import type { EndedRun } from '../../../observation/feeds/wait-for-end.js';
import { DirectiveRegistry } from '../../../kernel/directive-registry.js';
import { Kernel } from '../../../verbs/kernel.js';
import { objectOf } from '../../shared/object-of.js';
import { Requires } from '../../rights/requires.decorator.js';
import { startRequest } from '../../shared/start-request.js';
import type { AuthenticatedRequest } from '../authenticate.js';
import { toDirectiveJson, toExecutionJson, toScriptJson } from './internal.json.js';
import { toKnowledgeJson } from './knowledge.json.js';
import type { GatedRequest } from '../gate.js';

const WAIT_MS = 60_000;
/** Upper bound on the responses that wait for their run; further ones are answered with 202 at once. */
const MAX_WAITING = 5_000;

/** The REST interface `/internal`, with the same services and rights as GraphQL. */
@Controller('internal')
export class InternalController {
  constructor(
    @Inject(DirectiveRegistry) private readonly registry: DirectiveRegistry,
    @Inject(Library) private readonly library: Library,
    @Inject(ExecutionReader) private readonly executions: ExecutionReader,
    @Inject(BlobReader) private readonly blobs: BlobReader,
    @Inject(Executor) private readonly executor: Executor,
    @Inject(Feed) private readonly feed: Feed,
    @Inject(Kernel) private readonly kernel: Kernel,
  ) {}

  @Requires('read:directives')
  @Get('directives')
  async directives() {
    const directives = (await this.registry.list(null, null)).map(toDirectiveJson);
    return { directives, left_out: await this.registry.problems() };
  }

  @Requires('read:directives')
  @Get('scripts')
  async scripts() {
    const { scripts, projectScripts } = await this.library.catalog();
    return { scripts: [...scripts.values(), ...projectScripts.values()].map(toScriptJson) };
  }

  @Requires('read:directives')
  @Get('knowledge')
  async knowledge() {
    return { knowledge: (await this.kernel.knowledge.all()).map(toKnowledgeJson) };
  }

  @Requires('read:executions')
  @Get('executions')
  async list(@Query('first') first = '20', @Query('after') after?: string) {
    const page = await this.executions.page({}, { first: Number(first) || 0, after });
    return {
      executions: page.items.map(({ node }) => toExecutionJson(node)),
      next: page.hasNextPage ? page.items.at(-1)!.cursor : null,
    };
  }

  /** Starts a run and answers with its outcome. Answers 202 and the run's id after 60 s, or at once with `?wait=false`. */
  @Requires('execute:directives')
  @Post('execute')
  async execute(
    @Body() body: unknown,
    @Query('wait') wait: string | undefined,
    @Req() request: AuthenticatedRequest & GatedRequest,
    @Res({ passthrough: true }) response: Response,
  ) {
    const started = await this.executor.start(startRequest(startInputOf(body), request.principal!));
    request.body = undefined;
    request.leave?.();
    const waits = wait !== 'false' && this.feed.runs.size < MAX_WAITING;
    const row = waits ? await this.ended(started.id, response) : null;
    response.status(row ? 200 : 202);
    return row ? this.outcome(row) : { execution_id: started.id, status: started.status };
  }

  /** Waits for the run's end, or until the client disconnects; the run continues then. */
  private ended(id: string, response: Response): Promise<EndedRun | null> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    return this.feed.runs.waitForEnd(id, WAIT_MS, gone.signal);
  }

  private async outcome(row: EndedRun) {
    const result: Json = await this.blobs.resolve(row.result);
    const { id: execution_id, status, error, duration_ms } = row;
    return { execution_id, status, result, error, duration_ms };
  }
}

function startInputOf(body: unknown) {
  const {
    directive_name: directive,
    inputs,
    idempotency_key: key,
    ...rest
  } = objectOf(body, 'the body');
  const unknown = Object.keys(rest);
  if (typeof directive !== 'string') throw bad('directive_name must be a string');
  if (key !== undefined && key !== null && typeof key !== 'string') {
    throw bad('idempotency_key must be a string');
  }
  if (unknown.length > 0) throw bad(`unknown key ${unknown.join(', ')}`);
  return { directive, inputs, idempotencyKey: key ?? null };
}

const bad = (message: string) =>
  new MissionError(
    'input_invalid',
    `${message}; send {"directive_name", "inputs", "idempotency_key"}.`,
  );
