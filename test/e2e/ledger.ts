import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { type Instance, until } from '../support/instance.js';

/** Where a run is to stand still until its gate opens: before the effect of a step, or after it. */
export interface Hold {
  step: string | string[];
  when: 'before' | 'after';
  gate: string;
}

/** Calls a keyed service outside: every call is counted, every key has its effect once. */
export const MARK = `
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export default async ({ inputs: { hold }, context }) => {
  const { run_id, step_path, iteration, idempotency_key: key, project_path } = context;
  const ledger = project_path + '/ledger/' + run_id;
  mkdirSync(ledger, { recursive: true });
  const pass = async (when) => {
    const name = step_path.split('/').at(-1);
    if (![hold.step].flat().includes(name) || hold.when !== when) return;
    if (Number(iteration.split('.').at(-1)) > 2) return;
    appendFileSync(ledger + '/held', key + '\\n');
    while (!existsSync(project_path + '/' + hold.gate)) await sleep(10);
  };
  appendFileSync(ledger + '/calls', key + '\\n');
  await pass('before');
  try {
    writeFileSync(ledger + '/effect ' + encodeURIComponent(key), '', { flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // Long loops leave no files of the run.
  if (/^(first|second|alone|last|abreast\\/.*)$/.test(step_path)) {
    writeFileSync(context.artifacts_dir + '/' + encodeURIComponent(key), key);
  }
  await pass('after');
  return { key };
};
`;

/** A step that leaves a mark, `script` a copy of {@link MARK}; `more` begins with a comma. */
export const mark = (name: string, more = '', script = 'mark') =>
  `{ name: ${name}, script: ${script}, inputs: { hold: '{{ inputs.hold }}' }${more} }`;

/** What the outside world saw of the runs of an instance. */
export class Ledger {
  constructor(private readonly instance: Instance) {}

  /** Keys of the calls so far, in order. */
  calls(id: string): string[] {
    return this.lines(id, 'calls');
  }

  /** Keys of the calls that stand still, or have stood. */
  held(id: string): string[] {
    return this.lines(id, 'held');
  }

  /** Keys whose effect has happened. */
  effects(id: string): string[] {
    const names = readdirSync(this.directory(id)).filter((name) => name.startsWith('effect '));
    return names.map((name) => decodeURIComponent(name.slice('effect '.length)));
  }

  private lines(id: string, name: string): string[] {
    const file = join(this.directory(id), name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  private directory = (id: string) => join(this.instance.project, 'ledger', id);
}

/** The engine tells these ends of these runs within 60 s. */
export async function expectInEngine(
  instance: Instance,
  ends: [id: string, status: string][],
): Promise<void> {
  const address = instance.addresses.temporal_address;
  const connection = await until('the engine answers', () => Connection.connect({ address }));
  const client = new Client({ connection });
  for (const [id, status] of ends) {
    const [run] = await instance.query(
      'SELECT coalesce(workflow_id, id) AS workflow_id FROM directive_executions WHERE id = $1',
      [id],
    );
    const describe = () => client.workflow.getHandle(run.workflow_id).describe();
    await until(
      `${id} is ${status} in the engine`,
      async () => (await describe()).status.name === status,
    );
  }
  await connection.close();
}
