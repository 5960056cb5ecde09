import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds what an approval shows, and the hash that binds a decision to it. */
export class ApprovalHash1796800000000 implements MigrationInterface {
  readonly name = 'ApprovalHash1796800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "approvals" ADD "shows" json, ADD "hash" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "approvals" DROP COLUMN "hash", DROP COLUMN "shows"');
  }
}
