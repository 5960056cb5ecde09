import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the index that reads log lines of the same time in the order in which they were written. */
export class LogOrder1796020000000 implements MigrationInterface {
  readonly name = 'LogOrder1796020000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "idx_log_entries_page"');
    await runner.query('CREATE INDEX "idx_log_entries_page" ON "log_entries" ("at", "seq")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "idx_log_entries_page"');
    await runner.query('CREATE INDEX "idx_log_entries_page" ON "log_entries" ("at", "id")');
  }
}
