import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notes that lie in no file: what runs and people learned. */
export class InternalKnowledge1796700000000 implements MigrationInterface {
  readonly name = 'InternalKnowledge1796700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "internal_knowledge" (
        "id" text NOT NULL,
        "title" text NOT NULL,
        "category" text NOT NULL DEFAULT '',
        "content" text NOT NULL,
        "confidence" double precision NOT NULL DEFAULT '1',
        "source" text NOT NULL DEFAULT '',
        "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        CONSTRAINT "pk_internal_knowledge" PRIMARY KEY ("id")
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "internal_knowledge"');
  }
}
