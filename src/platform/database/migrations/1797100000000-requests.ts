import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE "approvals" ADD "kind" text NOT NULL DEFAULT 'approval', ADD "asked_by" text, ADD "request_key" text`,
  'ALTER TABLE "approvals" ALTER "run_id" DROP NOT NULL, ALTER "expires_at" DROP NOT NULL',
  'CREATE UNIQUE INDEX "idx_approvals_request" ON "approvals" ("request_key")',
];

const DOWN = [
  `DELETE FROM "approvals" WHERE "kind" <> 'approval'`,
  'DROP INDEX "idx_approvals_request"',
  'ALTER TABLE "approvals" ALTER "run_id" SET NOT NULL, ALTER "expires_at" SET NOT NULL',
  'ALTER TABLE "approvals" DROP COLUMN "kind", DROP COLUMN "asked_by", DROP COLUMN "request_key"',
];

/** Stores requests for help beside approvals: people find and answer both in one place. */
export class Requests1797100000000 implements MigrationInterface {
  readonly name = 'Requests1797100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
