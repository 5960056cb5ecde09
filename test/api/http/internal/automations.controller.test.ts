import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../support.js';

let api: TestApi;
withApi((opened) => void (api = opened));
beforeAll(() => {
  const folder = join(api.project, '.ai/directives');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'report.yaml'),
    'name: report\nversion: 1.0.0\ndescription: d\npermissions: []\nsteps: [{ return: 1 }]\n',
  );
});

const DEFINITION = {
  name: 'daily',
  directive_name: 'report',
  trigger_type: 'schedule',
  schedule: '0 6 * * *',
  timezone: 'Asia/Tokyo',
};

describe('automations over REST', () => {
  test('are made with 201 and their next times, listed with their occurrences, and deleted', async () => {
    const made = await api.post('/internal/automations', { ...DEFINITION, name: 'rest' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'rest', enabled: true, source: 'api' });
    expect(made.body.next_times).toHaveLength(5);
    await api.graphql('mutation { runAutomation(name: "rest") { id } }');
    const { body } = await api.request(`/internal/automations/${made.body.id}/occurrences`);
    expect(body).toMatchObject({ occurrences: [{ status: 'manual', fired_at: null }], next: null });
    expect((await api.request('/internal/automations')).body.automations).toHaveLength(1);
    expect((await api.post('/internal/automations', { name: 'x' })).status).toBe(400);
    expect((await api.post('/internal/automations', { ...DEFINITION, name: 'rest' })).status).toBe(
      409,
    );
    expect((await api.request('/internal/automations/rest', { method: 'DELETE' })).status).toBe(
      200,
    );
    expect((await api.request('/internal/automations/rest')).status).toBe(404);
  });
});
