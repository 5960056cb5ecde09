import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What threads remember of messages that turns no longer read. */
export class ThreadMemories1797000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "threads" ADD "memory" text NOT NULL DEFAULT 'hierarchical'`);
    await runner.query(`CREATE TABLE "thread_memories" (
      "id" uuid NOT NULL,
      "thread_id" text NOT NULL,
      "upto_seq" integer NOT NULL,
      "status" text NOT NULL,
      "summary" text NOT NULL DEFAULT '',
      "facts" json NOT NULL,
      "run_id" text,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "undone_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "pk_thread_memories" PRIMARY KEY ("id")
    )`);
    await runner.query(
      `CREATE INDEX "idx_thread_memories_thread" ON "thread_memories" ("thread_id", "upto_seq")`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "thread_memories"`);
    await runner.query(`ALTER TABLE "threads" DROP COLUMN "memory"`);
  }
}
