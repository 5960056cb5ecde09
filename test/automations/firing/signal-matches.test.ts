import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignalMatches } from '../../../src/automations/firing/signal-matches.js';
import type { Json } from '../../../src/contracts/json/json.js';
import {
  automation,
  type AutomationProject,
  automationProject,
  occurrencesOf,
} from '../support.js';

let at: AutomationProject;
let matches: SignalMatches;
beforeAll(async () => {
  at = await automationProject();
  matches = new SignalMatches(at.dataSource, at.recorder);
}, 120_000);
afterAll(() => at?.close());

const alert = (kind: string, run?: string) =>
  at.recorder.alert({
    kind,
    severity: 'warning',
    message: 'it broke',
    subject: 'mcp:files',
    data: { server: 'files' },
    ...(run !== undefined && { run_id: run }),
  });
const emit = (name: string, data: Json, run: string | null = null) =>
  at.dataSource.query('INSERT INTO events (id, name, data, run_id) VALUES ($1, $2, $3, $4)', [
    randomUUID(),
    name,
    JSON.stringify(data),
    run,
  ]);
const runsOf = async (id: string) => {
  await at.starter.startDue(id);
  return at.dataSource.query(
    `SELECT * FROM directive_executions WHERE cause->>'automation' = $1 ORDER BY created_at`,
    [id],
  );
};

describe('alerts and events', () => {
  test('each is told once to each automation that waits for it, with its facts', async () => {
    const kind = `down_${randomUUID()}`;
    const { id } = await automation(at, {
      trigger_type: 'alert',
      match: { kind },
      inputs: { since: '{{ trigger.alert.data.server }}' },
    });
    await alert(kind);
    await alert('another');
    await Promise.all([matches.match(), matches.match()]);
    expect(await matches.match()).toBe(0);
    const runs = await runsOf(id);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ triggered_by: 'alert', inputs: { since: 'files' } });
  });

  test('an event is met by name and data', async () => {
    const { id } = await automation(at, {
      trigger_type: 'event',
      event: 'paid',
      match: { region: 'eu' },
      overlap: 'allow_all',
      inputs: { since: '{{ trigger.event.data.order }}' },
    });
    await emit('paid', { region: 'eu', order: 'o-1' });
    await emit('paid', { region: 'us', order: 'o-2' });
    await emit('sent', { region: 'eu', order: 'o-3' });
    await matches.match();
    expect((await runsOf(id)).map(({ inputs }: { inputs: Json }) => inputs)).toEqual([
      { since: 'o-1', times: 1 },
    ]);
  });
});

describe('runaways', () => {
  const paused = async (id: string) => (await at.service.find(id)).pause_note;
  const alertsOf = (name: string) =>
    at.dataSource.query(`SELECT * FROM alerts WHERE subject = $1 AND kind = 'automation_loop'`, [
      `automation:${name}`,
    ]);

  test('an automation that its own alert would start again is stopped at the first repeat, with one alert', async () => {
    const kind = `loop_${randomUUID()}`;
    const { id, name } = await automation(at, { trigger_type: 'alert', match: { kind } });
    await alert(kind);
    await matches.match();
    const [run] = await runsOf(id);
    await alert(kind, run.id);
    await alert(kind, run.id);
    await matches.match();
    expect((await occurrencesOf(at, id)).map(({ status }) => status)).toEqual([
      'fired',
      'skipped_loop',
      'skipped_loop',
    ]);
    expect(await paused(id)).toContain('would start itself again');
    expect(await alertsOf(name)).toHaveLength(1);
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('so is one that another one leads to, by an event of a child run', async () => {
    const first = await automation(at, { trigger_type: 'event', event: 'ping' });
    const second = await automation(at, { trigger_type: 'event', event: 'pong' });
    await emit('ping', {});
    await matches.match();
    const [one] = await runsOf(first.id);
    await at.executor.start({
      directive: 'report',
      actor: 'anna',
      triggeredBy: 'parent',
      parent: { id: one.id, directive: 'report', boundsOf: () => ({}) as never },
    });
    const [child] = await at.dataSource.query(
      'SELECT id FROM directive_executions WHERE parent_id = $1',
      [one.id],
    );
    await emit('pong', {}, child.id);
    await matches.match();
    const [two] = await runsOf(second.id);
    expect(two.cause.chain).toEqual([first.id, second.id]);
    await emit('ping', {}, two.id);
    await matches.match();
    expect((await occurrencesOf(at, first.id)).at(-1)!.status).toBe('skipped_loop');
    expect(await paused(first.id)).toContain('would start itself again');
  });

  test('a chain of more than eight automations is taken for a loop', async () => {
    const { id } = await automation(at, { trigger_type: 'event', event: 'deep' });
    const { id: run } = await at.executor.start({
      directive: 'report',
      actor: 'anna',
      triggeredBy: 'event',
      cause: {
        automation: 'x',
        occurrence: '1',
        chain: Array.from({ length: 8 }, () => randomUUID()),
      },
    });
    await emit('deep', {}, run);
    await matches.match();
    expect((await occurrencesOf(at, id))[0]!.cause).toContain('8 automations in a row');
  });
});
