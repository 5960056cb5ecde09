import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  'ALTER TABLE "directive_executions" ADD "bounds" json',
  'ALTER TABLE "directive_executions" ADD "spent" json',
  'CREATE INDEX "idx_directive_executions_parent" ON "directive_executions" ("parent_id")',
];

const DOWN = [
  'DROP INDEX "idx_directive_executions_parent"',
  'ALTER TABLE "directive_executions" DROP COLUMN "spent"',
  'ALTER TABLE "directive_executions" DROP COLUMN "bounds"',
];

/** What a child run may use of its parent's limits, and what a run has used. */
export class Children1795600000000 implements MigrationInterface {
  readonly name = 'Children1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
