import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../src/contracts/json/json.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Recorder } from '../../src/observation/record.js';
import { Library } from '../../src/platform/library/library.js';
import { openKernel } from '../../src/verbs/open-kernel.js';
import type { VerbCaller } from '../../src/verbs/call/verb-caller.js';
import type { Verb } from '../../src/verbs/call/verb-specs.js';
import { openTestDatabase } from '../support/stack.js';

const GREET = `name: greet
version: 1.0.0
description: Says hello to somebody
inputs:
  who: { type: string, description: The person }
  loud: { type: boolean, default: false }
permissions: []
steps: [{ return: 'hello {{ inputs.who }}' }]
`;

export const CALLER: VerbCaller = {
  principal: { keyId: 'k', actor: 'anna', role: 'operator' },
};

/** A kernel over a project and a database of its own. Runs are accepted; nobody carries them out. */
export async function kernelProject() {
  const database = await openTestDatabase();
  const project = mkdtempSync(join(tmpdir(), 'mission-kernel-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  write('.ai/directives/greet.yaml', GREET);
  const library = new Library({
    project,
    userHome: project,
    mcpServers: [],
    models: {},
    ceilings: DEFAULT_CEILINGS,
  });
  const dataSource = database.source;
  const registry = new DirectiveRegistry(library, new PlanReader(dataSource));
  const executor = new Executor(dataSource, registry);
  const recorder = new Recorder(dataSource);
  const kernel = openKernel({
    dataSource,
    registry,
    executor,
    recorder,
    project,
  });
  const call = (verb: Verb, args: JsonObject, caller = CALLER): Promise<any> =>
    kernel.call(verb, args, caller);
  return {
    dataSource,
    project,
    kernel,
    recorder,
    write,
    call,
    /** The code and the message of a refusal. */
    refusal: (verb: Verb, args: JsonObject, caller = CALLER) =>
      call(verb, args, caller).then(
        (answer) => [JSON.stringify(answer)],
        ({ code, message }) => [code, message],
      ),
    async close() {
      await database.close();
      rmSync(project, { recursive: true });
    },
  };
}
export type KernelProject = Awaited<ReturnType<typeof kernelProject>>;
