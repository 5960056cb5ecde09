import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { CancelService } from '../../src/kernel/cancel-service.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { RunControl } from '../../src/kernel/run-control.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Library } from '../../src/platform/library/library.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { Plans } from '../../src/runs/values/plans.js';
import { ThreadMemory } from '../../src/threads/memory/thread-memory.js';
import { ThreadMessages } from '../../src/threads/thread-messages.js';
import { ThreadService } from '../../src/threads/thread-service.js';
import { ThreadTurns } from '../../src/threads/thread-turns.js';
import { openTestDatabase } from '../support/stack.js';

export const TALK = `
name: talk
version: 1.0.0
description: Talks with people
inputs:
  request: { type: string, required: true }
  tone: { type: string, default: plain }
  user_context: { type: object, default: {} }
permissions: ['execute:models:small']
steps:
  - { name: ask, llm: { prompt: '{{ inputs.request }}' } }
`;
const STEPS = `
name: steps
version: 1.0.0
description: Talks to nobody
permissions: []
steps: [{ return: 1 }]
`;

/** A project with the directives `talk` and `steps`, and the services of threads on a database of its own. */
export async function threadProject() {
  const database = await openTestDatabase();
  const dataSource = database.source;
  const project = mkdtempSync(join(tmpdir(), 'mission-threads-'));
  mkdirSync(join(project, '.ai/directives'), { recursive: true });
  const write = (name: string, text: string) =>
    writeFileSync(join(project, `.ai/directives/${name}.yaml`), text);
  write('talk', TALK);
  write('steps', STEPS);
  const library = new Library({
    project,
    userHome: project,
    mcpServers: [],
    ceilings: DEFAULT_CEILINGS,
    models: { small: {} },
  });
  const registry = new DirectiveRegistry(library, new PlanReader(dataSource));
  const executor = new Executor(dataSource, registry);
  const cancelService = new CancelService(dataSource);
  const threads = new ThreadService(dataSource, registry, project);
  const blobs = new Blobs(dataSource);
  const memory = new ThreadMemory({ dataSource, executor, blobs, hasModels: false });
  const turns = new ThreadTurns({
    dataSource,
    executor,
    cancelService,
    plans: new Plans(dataSource),
    blobs: new Blobs(dataSource),
    memory,
    logger: { warn: () => undefined } as never,
  });
  return {
    dataSource,
    project,
    write,
    threads,
    turns,
    executor,
    blobs,
    messages: new ThreadMessages(dataSource, threads, cancelService, new RunControl(dataSource)),
    async close() {
      await database.close();
      rmSync(project, { recursive: true });
    },
  };
}
export type ThreadProject = Awaited<ReturnType<typeof threadProject>>;
