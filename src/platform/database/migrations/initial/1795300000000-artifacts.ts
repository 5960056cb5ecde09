import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the artifacts of runs, and the progress of running steps. */
export class Artifacts1795300000000 implements MigrationInterface {
  readonly name = 'Artifacts1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "execution_steps" ADD "progress" json');
    await runner.query(`CREATE TABLE "artifacts" (
      "run_id" text NOT NULL, "path" text NOT NULL, "hash" text NOT NULL, "bytes" integer NOT NULL,
      "step_path" text NOT NULL, "iteration" text NOT NULL DEFAULT '',
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), PRIMARY KEY ("run_id", "path"))`);
    await runner.query('CREATE INDEX "idx_artifacts_hash" ON "artifacts" ("hash")');
    await runner.query(`CREATE TABLE "artifact_contents" (
      "hash" text NOT NULL PRIMARY KEY, "bytes" integer NOT NULL,
      "used_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now())`);
    await runner.query(`CREATE TABLE "artifact_chunks" (
      "hash" text NOT NULL, "part" integer NOT NULL, "data" bytea NOT NULL, PRIMARY KEY ("hash", "part"))`);
    // Compressed files do not get smaller by being compressed again.
    await runner.query('ALTER TABLE "artifact_chunks" ALTER COLUMN "data" SET STORAGE EXTERNAL');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['artifact_chunks', 'artifact_contents', 'artifacts']) {
      await runner.query(`DROP TABLE "${table}"`);
    }
    await runner.query('ALTER TABLE "execution_steps" DROP COLUMN "progress"');
  }
}
