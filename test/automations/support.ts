import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Principal } from '../../src/access/principal.js';
import { AutomationReader } from '../../src/automations/automation-reader.js';
import { AutomationService } from '../../src/automations/automation-service.js';
import { RunStarter } from '../../src/automations/firing/run-starter.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import { CancelService } from '../../src/kernel/cancel-service.js';
import { DirectiveRegistry } from '../../src/kernel/directive-registry.js';
import { Executor } from '../../src/kernel/execute.js';
import { PlanReader } from '../../src/observation/readers/plan.reader.js';
import { Recorder } from '../../src/observation/record.js';
import { Library } from '../../src/platform/library/library.js';
import type { OccurrenceRow } from '../../src/platform/database/entities/automations/occurrence.row.js';
import { finishRun } from '../../src/runs/ending/finish.js';
import { openTestDatabase } from '../support/stack.js';

export const REPORT = `
name: report
version: 1.0.0
description: Reports
permissions: []
inputs:
  since: { type: string, default: never }
  times: { type: integer, default: 1 }
steps: [{ return: '{{ inputs.since }}' }]
`;

export const anna: Principal = { keyId: 'key-of-anna', actor: 'anna', role: 'operator' };

/** A project with the directive `report`, and the services of automations on a database of its own. */
export async function automationProject() {
  const { url, source: dataSource, close } = await openTestDatabase();
  const project = mkdtempSync(join(tmpdir(), 'mission-automations-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  write('.ai/directives/report.yaml', REPORT);
  const library = new Library({
    project,
    userHome: project,
    mcpServers: [],
    ceilings: DEFAULT_CEILINGS,
  });
  const registry = new DirectiveRegistry(library, new PlanReader(dataSource));
  const recorder = new Recorder(dataSource);
  const executor = new Executor(dataSource, registry);
  const cancelService = new CancelService(dataSource);
  const service = new AutomationService(dataSource, registry, recorder);
  return {
    dataSource,
    /** For an engine that shares the database. */
    database: { url, drop: () => Promise.resolve() },
    project,
    write,
    recorder,
    service,
    reader: new AutomationReader(dataSource),
    starter: new RunStarter({ dataSource, executor, cancelService }),
    executor,
    registry,
    library,
    async close() {
      await close();
      rmSync(project, { recursive: true });
    },
  };
}
export type AutomationProject = Awaited<ReturnType<typeof automationProject>>;

let count = 0;

/** An automation of anna's; without more it runs `report` each minute. */
export async function automation({ service }: AutomationProject, keys: JsonObject = {}) {
  const trigger = keys['trigger_type'] ?? 'schedule';
  return service.create(anna, {
    name: `automation_${count++}`,
    directive_name: 'report',
    trigger_type: trigger,
    ...(trigger === 'schedule' && { schedule: '* * * * *' }),
    ...keys,
  });
}

/** Lets an automation have looked last at a time this long ago. */
export const lookedLast = ({ dataSource }: AutomationProject, id: string, secondsAgo: number) =>
  dataSource.query(
    `UPDATE automations SET accounted_until = now() - $2 * interval '1 second',
       next_due_at = now() - $2 * interval '1 second' WHERE id = $1`,
    [id, secondsAgo],
  );

/** The occurrences of an automation, oldest first. */
export const occurrencesOf = (
  { dataSource }: AutomationProject,
  id: string,
): Promise<OccurrenceRow[]> =>
  dataSource.query(
    'SELECT * FROM automation_occurrences WHERE automation_id = $1 ORDER BY due_at, id',
    [id],
  );

/** Ends a run, as its workflow would. */
export const endRun = (
  { dataSource }: AutomationProject,
  run: string,
  status: 'success' | 'error' | 'cancelled' = 'success',
  result: Json = null,
) =>
  finishRun(
    dataSource,
    run,
    status === 'success'
      ? { status, result }
      : { status, error: { code: 'failed', message: 'it broke' } },
  );
