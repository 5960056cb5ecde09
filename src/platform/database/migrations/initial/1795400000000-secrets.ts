import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the encrypted store of secrets, and the time of each secret's last use. */
export class Secrets1795400000000 implements MigrationInterface {
  readonly name = 'Secrets1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "secrets" (
      "name" text NOT NULL, "key_id" text NOT NULL, "sealed" bytea NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(), "updated_at" timestamptz NOT NULL DEFAULT now(),
      "updated_by" text NOT NULL, CONSTRAINT "pk_secrets" PRIMARY KEY ("name"))`);
    await runner.query(`CREATE TABLE "secret_uses" (
      "name" text NOT NULL, "source" text NOT NULL, "used_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "pk_secret_uses" PRIMARY KEY ("name"))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "secret_uses"');
    await runner.query('DROP TABLE "secrets"');
  }
}
