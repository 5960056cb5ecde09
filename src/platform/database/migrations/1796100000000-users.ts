import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "users" (
      "name" text NOT NULL,
      "role" text NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "created_by" text NOT NULL,
      "disabled_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "pk_users" PRIMARY KEY ("name")
    )`,
  `CREATE TABLE "roles" (
      "name" text NOT NULL,
      "rights" json NOT NULL,
      "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "updated_by" text NOT NULL,
      CONSTRAINT "pk_roles" PRIMARY KEY ("name")
    )`,
  `ALTER TABLE "api_keys" ADD "rights" json, ADD "read_only" boolean NOT NULL DEFAULT false,
    ADD "expires_at" TIMESTAMP WITH TIME ZONE, ADD "created_by" text`,
  'ALTER TABLE "directive_executions" ADD "rights" json',
];

const DOWN = [
  'ALTER TABLE "directive_executions" DROP COLUMN "rights"',
  'ALTER TABLE "api_keys" DROP COLUMN "created_by", DROP COLUMN "expires_at", DROP COLUMN "read_only", DROP COLUMN "rights"',
  'DROP TABLE roles, users',
];

/** Adds users and roles, and keys that are scoped, expire, or only read. */
export class Users1796100000000 implements MigrationInterface {
  readonly name = 'Users1796100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
