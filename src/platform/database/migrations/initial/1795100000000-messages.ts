import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "run_messages" (
      "id" BIGSERIAL NOT NULL,
      "run_id" text NOT NULL,
      "kind" text NOT NULL,
      "name" text NOT NULL,
      "payload" json,
      "actor" text NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "delivered_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "pk_run_messages" PRIMARY KEY ("id")
    )`,
  `CREATE INDEX "idx_run_messages_run" ON "run_messages" ("run_id", "id")`,
  `CREATE TABLE "events" (
      "id" uuid NOT NULL,
      "name" text NOT NULL,
      "data" jsonb NOT NULL,
      "run_id" text,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_events" PRIMARY KEY ("id")
    )`,
  `CREATE INDEX "idx_events_page" ON "events" ("created_at", "id")`,
  `CREATE TABLE "event_waits" (
      "run_id" text NOT NULL,
      "path" text NOT NULL,
      "iteration" text NOT NULL,
      "name" text NOT NULL,
      "match" jsonb NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_event_waits" PRIMARY KEY ("run_id", "path", "iteration")
    )`,
  `CREATE INDEX "idx_event_waits_name" ON "event_waits" ("name")`,
  `CREATE TABLE "approvals" (
      "id" uuid NOT NULL,
      "run_id" text NOT NULL,
      "path" text NOT NULL,
      "iteration" text NOT NULL,
      "step" text NOT NULL,
      "description" text NOT NULL,
      "who" json NOT NULL,
      "quorum" integer NOT NULL,
      "self_approval" boolean NOT NULL,
      "form" json NOT NULL,
      "votes" json NOT NULL DEFAULT '[]',
      "status" text NOT NULL DEFAULT 'pending',
      "decision" text,
      "answers" json,
      "decided_by" text,
      "comment" text,
      "requested_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
      "decided_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "pk_approvals" PRIMARY KEY ("id")
    )`,
  `CREATE UNIQUE INDEX "idx_approvals_step" ON "approvals" ("run_id", "path", "iteration")`,
  `CREATE INDEX "idx_approvals_page" ON "approvals" ("requested_at", "id")`,
  `ALTER TABLE "directive_executions" ADD "pauses" integer NOT NULL DEFAULT 0`,
];

const DOWN = [
  `ALTER TABLE "directive_executions" DROP COLUMN "pauses"`,
  'DROP TABLE approvals, event_waits, events, run_messages',
];

/** Adds the messages to live runs: signals, events, decisions, pauses. */
export class Messages1795100000000 implements MigrationInterface {
  readonly name = 'Messages1795100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
