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
const CREATE = `mutation ($definition: JSON!) { createAutomation(definition: $definition) {
  name triggerType schedule owner enabled nextTimes(count: 1) { localTime note } } }`;

describe('automations over GraphQL', () => {
  test('are made, listed, run, paused, changed and deleted', async () => {
    const made = await api.graphql(CREATE, { definition: DEFINITION });
    expect(made.data.createAutomation).toMatchObject({
      name: 'daily',
      triggerType: 'SCHEDULE',
      owner: 'operator',
      nextTimes: [{ localTime: expect.stringMatching(/ 06:00 \+09:00$/), note: null }],
    });
    const { data } = await api.graphql(`mutation {
      runAutomation(name: "daily") { status actor }
      pauseAutomation(name: "daily", note: "later") { enabled pauseNote pausedBy nextDueAt }
      resumeAutomation(name: "daily") { enabled }
      updateAutomation(name: "daily", changes: { overlap: "allow_all" }) { definition }
      backfillAutomation(name: "daily", from: "2026-11-01T00:00:00Z", to: "2026-11-03T00:00:00Z")
      stopAutomations(reason: "a test") }`);
    expect(data).toMatchObject({
      runAutomation: { status: 'MANUAL', actor: 'operator' },
      pauseAutomation: {
        enabled: false,
        pauseNote: 'later',
        pausedBy: 'operator',
        nextDueAt: null,
      },
      resumeAutomation: { enabled: true },
      updateAutomation: { definition: { overlap: 'allow_all' } },
      backfillAutomation: 2,
      stopAutomations: true,
    });
    const listed = await api.graphql(`{
      automations { name } automationStop { actor reason }
      automation(name: "daily") { occurrences(first: 1, status: QUEUED) { nodes { dueAt cause } pageInfo { hasNextPage } } } }`);
    expect(listed.data).toMatchObject({
      automations: [{ name: 'daily' }],
      automationStop: { actor: 'operator', reason: 'a test' },
      automation: {
        occurrences: {
          nodes: [{ cause: 'operator asked for it' }],
          pageInfo: { hasNextPage: true },
        },
      },
    });
    const ended = await api.graphql(
      'mutation { startAutomations deleteAutomation(name: "daily") { name } }',
    );
    expect(ended.data).toMatchObject({
      startAutomations: true,
      deleteAutomation: { name: 'daily' },
    });
    expect(
      (await api.graphql('{ automation(name: "daily") { name } }')).errors![0].extensions.code,
    ).toBe('not_found');
  });

  test('bad definitions say what is wrong; a preview needs no automation', async () => {
    const bad = await api.graphql(CREATE, {
      definition: { ...DEFINITION, schedule: '0 25 * * *' },
    });
    expect(bad.errors![0]).toMatchObject({
      message: expect.stringContaining('it takes 0 to 23'),
      extensions: { code: 'input_invalid' },
    });
    const preview = await api.graphql(
      `query ($definition: JSON!) { previewAutomation(definition: $definition, count: 2, after: "2026-10-24T12:00:00Z") { at note } }`,
      {
        definition: {
          ...DEFINITION,
          schedule: '30 2 * * *',
          timezone: 'Europe/Berlin',
          fold: 'both',
        },
      },
    );
    expect(preview.data.previewAutomation).toEqual([
      { at: '2026-10-25T00:30:00.000Z', note: 'first_copy' },
      { at: '2026-10-25T01:30:00.000Z', note: 'second_copy' },
    ]);
  });
});
