import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE "automations" (
      "id" uuid NOT NULL,
      "name" text NOT NULL,
      "directive_name" text NOT NULL,
      "trigger_type" text NOT NULL,
      "schedule" text,
      "spec" jsonb NOT NULL,
      "source" text NOT NULL,
      "owner" text NOT NULL,
      "rights" json,
      "enabled" boolean NOT NULL DEFAULT true,
      "pause_note" text,
      "paused_by" text,
      "version" integer NOT NULL DEFAULT 1,
      "synced_version" integer,
      "compiled_until" TIMESTAMP WITH TIME ZONE,
      "accounted_until" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "next_due_at" TIMESTAMP WITH TIME ZONE,
      "failures" integer NOT NULL DEFAULT 0,
      "last_executed_at" TIMESTAMP WITH TIME ZONE,
      "last_success_at" TIMESTAMP WITH TIME ZONE,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      "deleted_at" TIMESTAMP WITH TIME ZONE,
      CONSTRAINT "pk_automations" PRIMARY KEY ("id")
    ) WITH (fillfactor = 70)`,
  `CREATE UNIQUE INDEX "idx_automations_name" ON "automations" ("name") WHERE deleted_at IS NULL`,
  `CREATE INDEX "idx_automations_due" ON "automations" ("next_due_at")
    WHERE deleted_at IS NULL AND next_due_at IS NOT NULL`,
  `CREATE TABLE "automation_occurrences" (
      "id" bigserial NOT NULL,
      "automation_id" uuid NOT NULL,
      "key" text NOT NULL,
      "due_at" TIMESTAMP WITH TIME ZONE NOT NULL,
      "status" text NOT NULL,
      "cause" text,
      "note" text,
      "actor" text,
      "trigger" json NOT NULL,
      "chain" json NOT NULL,
      "start_at" TIMESTAMP WITH TIME ZONE NOT NULL,
      "fired_at" TIMESTAMP WITH TIME ZONE,
      "execution_id" text,
      "outcome" text,
      "ended_at" TIMESTAMP WITH TIME ZONE,
      "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_automation_occurrences" PRIMARY KEY ("id")
    )`,
  `CREATE UNIQUE INDEX "idx_automation_occurrences_key" ON "automation_occurrences" ("automation_id", "key")`,
  `CREATE INDEX "idx_automation_occurrences_page" ON "automation_occurrences" ("automation_id", "due_at", "id")`,
  `CREATE INDEX "idx_automation_occurrences_open" ON "automation_occurrences" ("start_at") WHERE ended_at IS NULL`,
  `CREATE TABLE "automation_stops" (
      "id" integer NOT NULL,
      "actor" text NOT NULL,
      "reason" text NOT NULL,
      "stopped_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_automation_stops" PRIMARY KEY ("id")
    )`,
  `CREATE TABLE "calendars" (
      "name" text NOT NULL,
      "description" text NOT NULL DEFAULT '',
      "dates" json NOT NULL,
      "source" text NOT NULL,
      "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
      CONSTRAINT "pk_calendars" PRIMARY KEY ("name")
    )`,
  `ALTER TABLE "directive_executions" ADD "cause" json`,
  // What happened before there were automations triggers none.
  `ALTER TABLE "alerts" ADD "matched_at" TIMESTAMP WITH TIME ZONE`,
  `UPDATE "alerts" SET "matched_at" = now()`,
  `CREATE INDEX "idx_alerts_unmatched" ON "alerts" ("created_at") WHERE matched_at IS NULL`,
  `ALTER TABLE "events" ADD "matched_at" TIMESTAMP WITH TIME ZONE`,
  `UPDATE "events" SET "matched_at" = now()`,
  `CREATE INDEX "idx_events_unmatched" ON "events" ("created_at") WHERE matched_at IS NULL`,
];

const DOWN = [
  `DROP INDEX "idx_events_unmatched"`,
  `ALTER TABLE "events" DROP COLUMN "matched_at"`,
  `DROP INDEX "idx_alerts_unmatched"`,
  `ALTER TABLE "alerts" DROP COLUMN "matched_at"`,
  `ALTER TABLE "directive_executions" DROP COLUMN "cause"`,
  `DROP TABLE "calendars"`,
  `DROP TABLE "automation_stops"`,
  `DROP TABLE "automation_occurrences"`,
  `DROP TABLE "automations"`,
];

/** Automations, their occurrences, calendars, and why a run was started. */
export class Automations1796900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
