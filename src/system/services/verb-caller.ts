import type { DataSource } from 'typeorm';
import type { ScriptCall } from '../../contracts/script.js';
import type { VerbCaller } from '../../verbs/call/verb-caller.js';

const RUN = 'SELECT thread_id, rights FROM directive_executions WHERE id = $1';

/** The speaker of the run that calls a script, with the run's rights. */
export async function verbCaller(
  dataSource: DataSource,
  { context, permissions, principal: actor, signal }: ScriptCall,
): Promise<VerbCaller> {
  const { run_id: id, idempotency_key: key } = context;
  const [run] = await dataSource.query<{ thread_id: string | null; rights: string[] | null }[]>(
    RUN,
    [id],
  );
  const thread = run?.thread_id == null ? {} : { threadId: run.thread_id };
  // The rights of the speaker hold, as they were when the run was accepted.
  const principal = { keyId: `run:${id}`, actor, role: 'operator', rights: run ? run.rights : [] };
  return { principal, run: { id, permissions, key, ...thread }, signal };
}
