import type { MigrationInterface, QueryRunner } from 'typeorm';

const OPEN = `status NOT IN ('success', 'error', 'cancelled')`;

/** Adds the index of starts in their order, and the index of runs that wait for a slot. */
export class Queues1795800000000 implements MigrationInterface {
  readonly name = 'Queues1795800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX "idx_outbox_starts" ON "outbox" ("due_at", "id") WHERE kind = 'start'`,
    );
    await runner.query('DROP INDEX "idx_outbox_due"');
    await runner.query(
      `CREATE INDEX "idx_directive_executions_queue" ON "directive_executions" ("created_at", "id")
       WHERE slot_key IS NOT NULL AND NOT slot_held AND ${OPEN}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "idx_directive_executions_queue"');
    await runner.query('CREATE INDEX "idx_outbox_due" ON "outbox" ("due_at", "id")');
    await runner.query('DROP INDEX "idx_outbox_starts"');
  }
}
