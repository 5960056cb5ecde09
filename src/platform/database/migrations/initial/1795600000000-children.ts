import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  'ALTER TABLE "directive_executions" ADD "bounds" json',
  'ALTER TABLE "directive_executions" ADD "spent" json',
  `ALTER TABLE "directive_executions" ADD "slot_key" text, ADD "slot_limit" integer, ADD "slot_on_full" text,
     ADD "slot_held" boolean NOT NULL DEFAULT false`,
  'CREATE INDEX "idx_directive_executions_slot" ON "directive_executions" ("slot_key") WHERE slot_key IS NOT NULL',
  'CREATE INDEX "idx_directive_executions_parent" ON "directive_executions" ("parent_id")',
];

const DOWN = [
  'DROP INDEX "idx_directive_executions_parent"',
  'DROP INDEX "idx_directive_executions_slot"',
  `ALTER TABLE "directive_executions" DROP COLUMN "slot_held", DROP COLUMN "slot_on_full", DROP COLUMN "slot_limit",
     DROP COLUMN "slot_key"`,
  'ALTER TABLE "directive_executions" DROP COLUMN "spent"',
  'ALTER TABLE "directive_executions" DROP COLUMN "bounds"',
];

/** Adds the bounds of child runs, the used amounts of runs, and the slots of concurrency keys. */
export class Children1795600000000 implements MigrationInterface {
  readonly name = 'Children1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
