import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Instance, ROOT, until } from '../support/instance.js';

const EVERYTHING = join(ROOT, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const SERVER = JSON.stringify({ command: process.execPath, args: [EVERYTHING] });

let instance: Instance;
beforeAll(async () => {
  instance = await Instance.create({
    'mission.yaml': `mcp_servers:\n  everything: ${SERVER}\n`,
    '.ai/directives/note.yaml':
      'name: note\nversion: 1.0.0\ndescription: d\npermissions: []\ninputs: { about: { type: string } }\nsteps: [{ return: "{{ inputs.about }}" }]\n',
    '.ai/automations/note_alerts.yaml':
      'name: note_alerts\ndirective_name: note\ntrigger_type: alert\nmatch: { kind: thread_stalled }\ninputs: { about: "{{ trigger.alert.subject }}" }\n',
  });
  await instance.up();
  await becomes('CONNECTED');
}, 120_000);
afterAll(() => instance.remove());

const becomes = (state: string) =>
  until(`everything is ${state}`, async () => {
    const { mcpServers } = await instance.graphql('{ mcpServers { state } }');
    return mcpServers[0]?.state === state;
  });

const occurrencesOf = async (name: string): Promise<any[]> => {
  const { automation } = await instance.graphql(
    `{ automation(name: "${name}") { occurrences(first: 10) { nodes { status outcome executionId cause } } } }`,
  );
  return automation.occurrences.nodes;
};

describe('a new instance looks after itself', () => {
  it('brings back a server whose process was killed, and tells the story', async () => {
    const [pid] = instance.find(EVERYTHING);
    process.kill(pid!, 'SIGKILL');
    await until('it is healed', async () => {
      const [heal] = await occurrencesOf('heal_mcp_connection');
      return heal?.outcome === 'success';
    });
    await becomes('CONNECTED');
    expect(instance.find(EVERYTHING)).not.toContain(pid);
    const [heal] = await occurrencesOf('heal_mcp_connection');
    const { alerts, execution } = await instance.graphql(
      `query ($id: ID!) { alerts(first: 10) { nodes { kind subject status message } }
        execution(id: $id) { triggeredBy actor inputs } }`,
      { id: heal.executionId },
    );
    expect(execution).toEqual({
      triggeredBy: 'alert',
      actor: 'system:kernel',
      inputs: { mcp_id: 'everything' },
    });
    expect(alerts.nodes).toEqual([
      {
        kind: 'mcp_disconnected',
        subject: 'mcp:everything',
        status: 'RESOLVED',
        message: 'The connection to the MCP server everything is lost: was killed by SIGKILL.',
      },
    ]);
  });

  it('finds a stalled run, raises an alert, and an automation answers it', async () => {
    await instance.query(
      `INSERT INTO directive_executions (id, directive_name, directive_version, plan_hash, triggered_by, actor, inputs, status,
         created_at, started_at, root_id)
       VALUES ('stalled-run', 'work', '1.0.0', 'h', 'manual', 'anna', '{}', 'paused', now() - interval '1 hour', now() - interval '1 hour', 'stalled-run')`,
    );
    // A run that the reconciler does not know is started again by it; a paused one is left alone, and a pending one is looked at.
    await instance.query(
      `UPDATE directive_executions SET status = 'pending', slot_held = false, slot_key = NULL WHERE id = 'stalled-run'`,
    );
    await instance.graphql('mutation { runAutomation(name: "monitor_thread_health") { status } }');
    await until('the alert is answered', async () => {
      const [answer] = await occurrencesOf('note_alerts');
      return answer?.outcome === 'success';
    });
    const [answer] = await occurrencesOf('note_alerts');
    const { execution } = await instance.graphql(
      'query ($id: ID!) { execution(id: $id) { result } }',
      { id: answer.executionId },
    );
    expect(execution.result).toEqual('thread:stalled-run');
  });
});
