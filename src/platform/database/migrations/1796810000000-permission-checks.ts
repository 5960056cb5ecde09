import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "permission_checks" (
      "id" BIGSERIAL NOT NULL,
      "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "run_id" text,
      "step_path" text,
      "iteration" text,
      "actor" text NOT NULL,
      "action" text NOT NULL,
      "target" text NOT NULL,
      "permission" text,
      "allowed" boolean NOT NULL,
      "refused_by" text,
      "chain" json NOT NULL DEFAULT '[]',
      "reason" text NOT NULL,
      CONSTRAINT "pk_permission_checks" PRIMARY KEY ("id")
    )`,
  'CREATE INDEX "idx_permission_checks_run" ON "permission_checks" ("run_id", "id")',
];

/** Adds what was allowed and refused, by whom, and why. */
export class PermissionChecks1796810000000 implements MigrationInterface {
  readonly name = 'PermissionChecks1796810000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "permission_checks"');
  }
}
