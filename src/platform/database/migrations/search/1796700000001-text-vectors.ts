import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What texts mean, so that no process computes it twice. */
export class TextVectors1796700000001 implements MigrationInterface {
  readonly name = 'TextVectors1796700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "text_vectors" (
        "model" text NOT NULL,
        "hash" bytea NOT NULL,
        "vector" bytea NOT NULL,
        "used_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        CONSTRAINT "pk_text_vectors" PRIMARY KEY ("model", "hash")
      )`,
    );
    await runner.query('CREATE INDEX "idx_text_vectors_used_at" ON "text_vectors" ("used_at")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "text_vectors"');
  }
}
