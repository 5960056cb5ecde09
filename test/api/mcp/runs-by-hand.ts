import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestApi } from '../support.js';

const GREET = `name: greet
version: 1.0.0
description: Says hello
inputs:
  who: { type: string, description: The person }
  times: { type: integer, default: 1, minimum: 1 }
permissions: []
steps: [{ return: 'hello {{ inputs.who }}' }]
`;

/** Writes a directive into the project of an API. */
export async function writeGreet(api: TestApi): Promise<void> {
  await mkdir(join(api.project, '.ai/directives'), { recursive: true });
  await writeFile(join(api.project, '.ai/directives/greet.yaml'), GREET);
}

/** Ends a run as a worker would: no worker belongs to these tests. */
export const endRun = (
  api: Pick<TestApi, 'dataSource'>,
  id: string,
  status: string,
  columns: Record<string, unknown> = {},
) =>
  api.dataSource.query(
    `UPDATE directive_executions SET status = $2, result = $3, error = $4, completed_at = now(), duration_ms = 5 WHERE id = $1`,
    [
      id,
      status,
      JSON.stringify(columns['result'] ?? null),
      JSON.stringify(columns['error'] ?? null),
    ],
  );

/** The id of the newest run. */
export async function newestRun(api: TestApi): Promise<string> {
  const [row] = await api.dataSource.query(
    'SELECT id FROM directive_executions ORDER BY created_at DESC LIMIT 1',
  );
  return row.id;
}

/** An approval that a run asks for. */
export async function askApproval(
  api: Pick<TestApi, 'dataSource'>,
  run: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const row = { who: [], quorum: 1, self_approval: true, form: {}, ...more };
  const [{ id }] = await api.dataSource.query(
    `INSERT INTO approvals (id, run_id, path, iteration, step, description, who, quorum, self_approval, form, shows, hash, expires_at)
     VALUES (gen_random_uuid(), $1, $2, '', 'release', 'Release it?', $3, $4, $5, $6, $7, $8, now() + interval '1 hour') RETURNING id`,
    [
      run,
      String(more['path'] ?? '0'),
      JSON.stringify(row.who),
      row.quorum,
      row.self_approval,
      JSON.stringify(row.form),
      JSON.stringify(more['shows'] ?? null),
      more['hash'] ?? null,
    ],
  );
  return id;
}
