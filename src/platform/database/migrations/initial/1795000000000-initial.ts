import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  'CREATE SEQUENCE feed_seq',
  // A function, because TypeORM's drift check cannot compare a default that holds casts.
  'CREATE FUNCTION feed_xid() RETURNS bigint LANGUAGE sql VOLATILE RETURN pg_current_xact_id()::text::bigint',
  `CREATE TABLE "alerts" (
      "id" uuid NOT NULL DEFAULT gen_random_uuid(),
      "kind" text NOT NULL,
      "severity" text NOT NULL,
      "message" text NOT NULL,
      "subject" text NOT NULL,
      "data" json,
      "run_id" text,
      "status" text NOT NULL DEFAULT 'open',
      "idempotency_key" text,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "UQ_3069bb66510498fa5895610409a" UNIQUE ("idempotency_key"),
      CONSTRAINT "PK_60f895662df096bfcdfab7f4b96" PRIMARY KEY ("id")
    )`,
  `CREATE INDEX "idx_alerts_page" ON "alerts" ("created_at", "id")`,
  `CREATE TABLE "api_keys" (
      "id" uuid NOT NULL DEFAULT gen_random_uuid(),
      "hash" text NOT NULL,
      "name" text NOT NULL,
      "actor" text NOT NULL,
      "role" text NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "revoked_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "UQ_598a14447f592c12d1fe22ba918" UNIQUE ("hash"),
      CONSTRAINT "PK_5c8a79801b44bd27b79228e1dad" PRIMARY KEY ("id")
    )`,
  `CREATE TABLE "audit_events" (
      "id" BIGSERIAL NOT NULL,
      "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "actor" text NOT NULL,
      "action" text NOT NULL,
      "target" text NOT NULL,
      "data" json,
      "once" text,
      CONSTRAINT "PK_910f64d901a5c3e9878f0d4a407" PRIMARY KEY ("id")
    )`,
  `CREATE UNIQUE INDEX "idx_audit_events_once" ON "audit_events" ("action", "target", "once")`,
  `CREATE INDEX "idx_audit_events_target" ON "audit_events" ("target")`,
  `CREATE TABLE "blobs" (
      "hash" text NOT NULL,
      "bytes" integer NOT NULL,
      "value" json NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "PK_137be5df75b4fdf23a4ab2a2e12" PRIMARY KEY ("hash")
    )`,
  `CREATE TABLE "directive_executions" (
      "xid" bigint NOT NULL DEFAULT feed_xid(),
      "seq" bigint NOT NULL DEFAULT nextval('feed_seq'),
      "id" text NOT NULL,
      "directive_name" text NOT NULL,
      "directive_version" text NOT NULL,
      "plan_hash" text NOT NULL,
      "triggered_by" text NOT NULL,
      "actor" text NOT NULL,
      "inputs" json NOT NULL,
      "result" json,
      "status" text NOT NULL DEFAULT 'pending',
      "error_message" text,
      "error" json,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "started_at" TIMESTAMP WITH TIME ZONE,
      "completed_at" TIMESTAMP WITH TIME ZONE,
      "duration_ms" double precision,
      "parent_id" text,
      "root_id" text NOT NULL,
      "rerun_of" text,
      "idempotency_key" text,
      "workflow_run_id" text,
      "cancel_requested" boolean NOT NULL DEFAULT false,
      "cancel_reason" text,
      CONSTRAINT "PK_2650032102c9eb2f1de09c546c4" PRIMARY KEY ("id")
    )`,
  `CREATE UNIQUE INDEX "idx_directive_executions_key" ON "directive_executions" ("actor", "idempotency_key")`,
  `CREATE INDEX "idx_directive_executions_page" ON "directive_executions" ("created_at", "id")`,
  `CREATE INDEX "idx_directive_executions_feed" ON "directive_executions" ("xid", "seq")`,
  `CREATE INDEX "idx_directive_executions_status" ON "directive_executions" ("status")`,
  `CREATE INDEX "idx_directive_executions_name" ON "directive_executions" ("directive_name")`,
  `CREATE TABLE "log_entries" (
      "xid" bigint NOT NULL DEFAULT feed_xid(),
      "seq" bigint NOT NULL DEFAULT nextval('feed_seq'),
      "id" uuid NOT NULL DEFAULT gen_random_uuid(),
      "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "level" text NOT NULL,
      "message" text NOT NULL,
      "data" json,
      "source" text NOT NULL,
      "run_id" text,
      "step_path" text,
      "iteration" text,
      CONSTRAINT "PK_b226cc4051321f12106771581e0" PRIMARY KEY ("id")
    )`,
  `CREATE INDEX "idx_log_entries_page" ON "log_entries" ("at", "id")`,
  `CREATE INDEX "idx_log_entries_run" ON "log_entries" ("run_id", "at")`,
  `CREATE INDEX "idx_log_entries_feed" ON "log_entries" ("xid", "seq")`,
  `CREATE TABLE "mcp_commands" (
      "id" uuid NOT NULL DEFAULT gen_random_uuid(),
      "server" text NOT NULL,
      "worker_id" text NOT NULL,
      "command" text NOT NULL,
      "parameters" json NOT NULL DEFAULT '{}',
      "outcome" json,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "completed_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "PK_1cedb2fcd542d972730f33124df" PRIMARY KEY ("id")
    )`,
  `CREATE INDEX "idx_mcp_commands_worker" ON "mcp_commands" ("worker_id", "completed_at")`,
  `CREATE TABLE "mcp_work_leases" (
      "server" text NOT NULL,
      "work_type" text NOT NULL,
      "run_id" text NOT NULL,
      "assigned_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
      "renewals" integer NOT NULL DEFAULT '1',
      CONSTRAINT "PK_21a8d0d47fa56043f89b37ba430" PRIMARY KEY ("server", "work_type")
    )`,
  `CREATE TABLE "mcp_server_states" (
      "server" text NOT NULL,
      "worker_id" text NOT NULL,
      "state" text NOT NULL,
      "reason" text,
      "since" TIMESTAMP WITH TIME ZONE NOT NULL,
      "checked_at" TIMESTAMP WITH TIME ZONE NOT NULL,
      "transport" text NOT NULL,
      "tools" json NOT NULL DEFAULT '[]',
      "latency_ms" double precision,
      CONSTRAINT "PK_ba4b0938214d6a8cab65e20e2e3" PRIMARY KEY ("server", "worker_id")
    )`,
  `CREATE TABLE "outbox" (
      "id" BIGSERIAL NOT NULL,
      "kind" text NOT NULL,
      "run_id" text NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "due_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "attempts" integer NOT NULL DEFAULT '0',
      "last_error" text,
      CONSTRAINT "PK_340ab539f309f03bdaa14aa7649" PRIMARY KEY ("id")
    )`,
  `CREATE INDEX "idx_outbox_due" ON "outbox" ("due_at", "id")`,
  `CREATE TABLE "directive_plans" (
      "hash" text NOT NULL,
      "name" text NOT NULL,
      "directive_version" text NOT NULL,
      "plan" json NOT NULL,
      "source" text NOT NULL,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "PK_93064a43ab96422957f45ba94b2" PRIMARY KEY ("hash")
    )`,
  `CREATE INDEX "idx_directive_plans_name" ON "directive_plans" ("name", "directive_version")`,
  `CREATE TABLE "readiness_probes" (
      "process" text NOT NULL,
      "at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "PK_dc64381175648a09c2d113fe8f6" PRIMARY KEY ("process")
    )`,
  `CREATE TABLE "run_segments" (
      "run_id" text NOT NULL,
      "segment" text NOT NULL,
      "fence" integer NOT NULL DEFAULT '1',
      CONSTRAINT "PK_bf3f482107e50209b2a357d7a98" PRIMARY KEY ("run_id", "segment")
    )`,
  `CREATE TABLE "execution_steps" (
      "xid" bigint NOT NULL DEFAULT feed_xid(),
      "seq" bigint NOT NULL DEFAULT nextval('feed_seq'),
      "run_id" text NOT NULL,
      "path" text NOT NULL,
      "iteration" text NOT NULL DEFAULT '',
      "name" text NOT NULL,
      "kind" text NOT NULL,
      "status" text NOT NULL,
      "attempt" integer NOT NULL DEFAULT '1',
      "fused" boolean NOT NULL DEFAULT false,
      "fence" integer NOT NULL DEFAULT '0',
      "inputs" json,
      "result" json,
      "error" json,
      "started_at" TIMESTAMP WITH TIME ZONE,
      "completed_at" TIMESTAMP WITH TIME ZONE,
      "duration_ms" double precision,
      CONSTRAINT "PK_810df1c11d5e7a934bff25c0a9e" PRIMARY KEY ("run_id", "path", "iteration")
    )`,
  `CREATE INDEX "idx_execution_steps_feed" ON "execution_steps" ("xid", "seq")`,
  `CREATE TABLE "workers" (
      "id" text NOT NULL,
      "task_queue" text NOT NULL,
      "hostname" text NOT NULL,
      "pid" integer NOT NULL,
      "started_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "seen_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "PK_e950c9aba3bd84a4f193058d838" PRIMARY KEY ("id")
    )`,
];

/** The tables of the first release. */
export class Initial1795000000000 implements MigrationInterface {
  readonly name = 'Initial1795000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE alerts, api_keys, audit_events, blobs, directive_executions, log_entries, mcp_commands, mcp_work_leases, mcp_server_states, outbox, directive_plans, readiness_probes, run_segments, execution_steps, workers',
    );
    await runner.query('DROP FUNCTION feed_xid()');
    await runner.query('DROP SEQUENCE feed_seq');
  }
}
