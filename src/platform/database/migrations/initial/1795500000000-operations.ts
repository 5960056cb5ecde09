import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE "directive_executions"
     ADD "cancel_due_at" TIMESTAMP WITH TIME ZONE,
     ADD "ended_hard" boolean NOT NULL DEFAULT false,
     ADD "ended_run_id" text,
     ADD "rerun_from" json,
     ADD "seed" json,
     ADD "shadow_of" text`,
  'ALTER TABLE "execution_steps" ADD "reused_from" text',
  `CREATE TABLE "shadow_reports" (
      "run_id" text NOT NULL,
      "compared" integer NOT NULL,
      "total" integer NOT NULL,
      "differences" json NOT NULL,
      CONSTRAINT "pk_shadow_reports" PRIMARY KEY ("run_id")
    )`,
];

const DOWN = [
  'DROP TABLE shadow_reports',
  'ALTER TABLE "execution_steps" DROP COLUMN "reused_from"',
  `ALTER TABLE "directive_executions" DROP COLUMN "shadow_of", DROP COLUMN "seed", DROP COLUMN "rerun_from",
     DROP COLUMN "ended_run_id", DROP COLUMN "ended_hard", DROP COLUMN "cancel_due_at"`,
];

/** Adds the columns of hard ends, of re-runs from the middle, and of shadow runs. */
export class Operations1795500000000 implements MigrationInterface {
  readonly name = 'Operations1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
