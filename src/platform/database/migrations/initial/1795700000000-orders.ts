import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds an index of all outbox rows but starts, so that cancellations and messages are found past any number of starts. */
export class Orders1795700000000 implements MigrationInterface {
  readonly name = 'Orders1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX "idx_outbox_orders" ON "outbox" ("due_at", "id") WHERE kind <> 'start'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "idx_outbox_orders"');
  }
}
