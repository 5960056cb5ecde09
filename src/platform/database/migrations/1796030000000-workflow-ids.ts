import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the id of a run's workflow, which begins with the directive's name; null in runs that were started before. */
export class WorkflowIds1796030000000 implements MigrationInterface {
  readonly name = 'WorkflowIds1796030000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "directive_executions" ADD "workflow_id" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "directive_executions" DROP COLUMN "workflow_id"');
  }
}
