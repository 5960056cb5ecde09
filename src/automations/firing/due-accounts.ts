import type { DataSource, EntityManager } from 'typeorm';
import type { JsonObject } from '../../contracts/json/json.js';
import type { AutomationRow } from '../../platform/database/entities/automations/automation.row.js';
import type { DueTime } from '../schedule/due-rule.js';
import { dueRuleOf } from '../schedule/due-rule-of.js';
import { dueTimes, nextDueTimes } from '../schedule/due-times.js';
import { decide } from './decide.js';
import { addOccurrence, afterwards, lockAutomation, situationOf } from './occurrences.js';

/** Due times that one transaction accounts for; after a long outage there are more rounds. */
const BATCH = 500;

const MOVE = `UPDATE automations SET accounted_until = $2, next_due_at = $3 WHERE id = $1`;

/** Keeps the ledger of due times: each one gets its occurrence, once, whoever notices it. */
export class DueAccounts {
  constructor(private readonly dataSource: DataSource) {}

  /** Accounts for everything that has come due; what fires is started afterwards. Returns the number of new occurrences. */
  async advance(id: string): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const automation = await lockAutomation(manager, id);
      const rule = automation && dueRuleOf(automation.spec);
      if (!automation || !rule) return 0;
      let situation = await situationOf(manager, automation);
      const from = automation.accounted_until.getTime();
      const due = dueTimes(rule, from, situation.now, BATCH);
      let added = 0;
      for (const time of due) {
        const verdict = decide(time.at, situation);
        situation = afterwards(situation, verdict);
        const occurrence = { ...describe(automation, time), verdict };
        if (await addOccurrence(manager, automation, occurrence)) added += 1;
      }
      await this.move(manager, automation, due.length < BATCH ? situation.now : due.at(-1)!.at);
      return added;
    });
  }

  private async move(
    manager: EntityManager,
    automation: AutomationRow,
    until: number,
  ): Promise<void> {
    const [next] = nextDueTimes(dueRuleOf(automation.spec)!, until, 1);
    await manager.query(MOVE, [automation.id, new Date(until), next ? new Date(next.at) : null]);
  }
}

function describe({ id, name }: AutomationRow, { at, note }: DueTime) {
  const due_at = new Date(at).toISOString();
  const trigger: JsonObject = { type: 'schedule', automation: name, due_at };
  return { key: `due:${due_at}`, due: at, note, trigger, chain: [id] };
}
