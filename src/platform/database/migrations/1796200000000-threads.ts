import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "threads" (
      "id" text NOT NULL,
      "directive_name" text NOT NULL,
      "directive_version" text NOT NULL,
      "plan_hash" text NOT NULL,
      "mode" text NOT NULL,
      "key" text,
      "channel" text,
      "project_path" text,
      "platform" text NOT NULL,
      "owner" text NOT NULL,
      "participants" text array NOT NULL,
      "inputs" json NOT NULL,
      "status" text NOT NULL DEFAULT 'created',
      "on_busy" text NOT NULL DEFAULT 'enqueue',
      "idle_ms" integer,
      "message_seq" integer NOT NULL DEFAULT 0,
      "event_seq" integer NOT NULL DEFAULT 0,
      "writer" text,
      "forked_from" text,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_threads" PRIMARY KEY ("id")
    ) WITH (fillfactor = 70)`,
  `CREATE INDEX "idx_threads_page" ON "threads" ("created_at", "id")`,
  `CREATE INDEX "idx_threads_owner" ON "threads" ("owner")`,
  `CREATE UNIQUE INDEX "idx_threads_key" ON "threads" ("key")
    WHERE status NOT IN ('completed', 'error', 'cancelled')`,
  `CREATE TABLE "thread_messages" (
      "id" uuid NOT NULL,
      "thread_id" text NOT NULL,
      "seq" integer NOT NULL,
      "role" text NOT NULL,
      "content" text NOT NULL,
      "speaker" text NOT NULL,
      "rights" json,
      "client_id" text,
      "status" text NOT NULL,
      "run_id" text,
      "reply_to" uuid,
      "tokens" integer NOT NULL DEFAULT 0,
      "cost_usd" double precision NOT NULL DEFAULT 0,
      "duration_ms" double precision,
      "error" json,
      "rollback" boolean NOT NULL DEFAULT false,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "ended_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "pk_thread_messages" PRIMARY KEY ("id")
    )`,
  `CREATE UNIQUE INDEX "idx_thread_messages_thread" ON "thread_messages" ("thread_id", "seq")`,
  `CREATE UNIQUE INDEX "idx_thread_messages_client" ON "thread_messages" ("thread_id", "client_id")`,
  `CREATE INDEX "idx_thread_messages_open" ON "thread_messages" ("created_at") WHERE status IN ('queued', 'running')`,
  `CREATE TABLE "thread_events" (
      "thread_id" text NOT NULL,
      "seq" integer NOT NULL,
      "message_id" uuid NOT NULL,
      "type" text NOT NULL,
      "data" json NOT NULL,
      "key" text,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_thread_events" PRIMARY KEY ("thread_id", "seq")
    )`,
  `CREATE INDEX "idx_thread_events_message" ON "thread_events" ("message_id", "seq")`,
  `CREATE UNIQUE INDEX "idx_thread_events_key" ON "thread_events" ("thread_id", "key")`,
  `CREATE TABLE "channel_links" (
      "channel" text NOT NULL,
      "project_path" text NOT NULL,
      "linked_by" text NOT NULL,
      "linked_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_channel_links" PRIMARY KEY ("channel")
    )`,
  `ALTER TABLE "directive_executions" ADD "thread_id" text, ADD "message_id" text`,
  `CREATE INDEX "idx_directive_executions_thread" ON "directive_executions" ("thread_id") WHERE thread_id IS NOT NULL`,
];

const DOWN = [
  `DROP INDEX "idx_directive_executions_thread"`,
  `ALTER TABLE "directive_executions" DROP COLUMN "message_id", DROP COLUMN "thread_id"`,
  'DROP TABLE channel_links, thread_events, thread_messages, threads',
];

/** Adds conversations: their messages and the events of their streams. */
export class Threads1796200000000 implements MigrationInterface {
  readonly name = 'Threads1796200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
