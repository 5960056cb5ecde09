import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { definitionOf } from '../../../../src/cli/commands/automations/definition-options.js';

test.each([
  [{}, {}],
  [
    { schedule: '0 6 * * *', timezone: 'UTC', except: ['a', 'b'], jitterSeconds: '30' },
    {
      trigger_type: 'schedule',
      schedule: '0 6 * * *',
      timezone: 'UTC',
      except: ['a', 'b'],
      jitter_seconds: 30,
    },
  ],
  [
    { alert: 'mcp_*', severity: 'critical' },
    { trigger_type: 'alert', match: { kind: 'mcp_*', severity: 'critical' } },
  ],
  [
    { event: 'paid', match: '{"a": 1}' },
    { trigger_type: 'event', event: 'paid', match: { a: 1 } },
  ],
  [
    { directive: 'report', input: ['n=3', 'at={{ trigger.due_at }}'], successWithin: '2d' },
    {
      directive_name: 'report',
      inputs: { n: 3, at: '{{ trigger.due_at }}' },
      expect: { success_within: '2d' },
    },
  ],
])('%j gives %j', (options, definition) => {
  expect(definitionOf(options)).toEqual(definition);
});

test('options override a file; a file that is no map is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mission-definition-'));
  const file = join(folder, 'a.yaml');
  writeFileSync(file, 'directive_name: report\noverlap: skip\n');
  expect(definitionOf({ file, overlap: 'allow_all' })).toEqual({
    directive_name: 'report',
    overlap: 'allow_all',
  });
  writeFileSync(file, '- a\n');
  expect(() => definitionOf({ file })).toThrow('it is no map');
  rmSync(folder, { recursive: true });
});
