import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which revision of the protocol an MCP server speaks, and what of its tools cannot be read. */
export class McpProtocol1796010000000 implements MigrationInterface {
  readonly name = 'McpProtocol1796010000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "mcp_server_states" ADD "protocol_version" text,
      ADD "warnings" json NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE "mcp_server_states" DROP COLUMN "protocol_version", DROP COLUMN "warnings"',
    );
  }
}
