import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the flag that tells whether the process of an MCP server runs in the sandbox. */
export class Jailed1795900000000 implements MigrationInterface {
  readonly name = 'Jailed1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "mcp_server_states" ADD "jailed" boolean');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "mcp_server_states" DROP COLUMN "jailed"');
  }
}
