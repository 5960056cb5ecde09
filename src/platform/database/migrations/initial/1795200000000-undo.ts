import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the values that a step's compensation reads to the step's row. */
export class Undo1795200000000 implements MigrationInterface {
  readonly name = 'Undo1795200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "execution_steps" ADD "undo" json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "execution_steps" DROP COLUMN "undo"');
  }
}
