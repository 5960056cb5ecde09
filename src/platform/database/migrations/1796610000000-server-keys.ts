import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that API processes share, to sign what travels through clients. */
export class ServerKeys1796610000000 implements MigrationInterface {
  readonly name = 'ServerKeys1796610000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "server_keys" (
        "name" text NOT NULL,
        "key" bytea NOT NULL,
        "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
        CONSTRAINT "pk_server_keys" PRIMARY KEY ("name")
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "server_keys"');
  }
}
