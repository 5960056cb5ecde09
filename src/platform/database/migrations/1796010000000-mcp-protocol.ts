import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the negotiated MCP version of a server, and the problems with its list of tools. */
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
