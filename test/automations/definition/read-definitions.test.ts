import { expect, test } from '@jest/globals';
import { readDefinitions } from '../../../src/automations/definition/read-definitions.js';

const GOOD = 'name: a\ndirective_name: report\ntrigger_type: alert\nmatch: { kind: "mcp_*" }\n';

test('good files are read with their defaults; bad ones are left out, with line and reason', () => {
  const { specs, problems, unreadable } = readDefinitions({
    files: [
      { file: '/p/a.yaml', text: GOOD },
      { file: '/p/b.yaml', text: GOOD },
      {
        file: '/p/c.yaml',
        text: 'name: c\ndirective_name: report\ntrigger_type: schedule\nschedule: "0 0 30 2 *"\n',
      },
      { file: '/p/d.yaml', text: 'name: [d\n' },
      { file: '/p/e.yaml', text: GOOD.replace('kind', 'sort').replace('name: a', 'name: e') },
    ],
    problems: [{ file: '/p/f.yaml', message: 'is not UTF-8 text; save it as UTF-8' }],
  });
  expect([...specs.keys()]).toEqual(['a']);
  expect(specs.get('a')!.spec).toMatchObject({
    overlap: 'skip',
    catch_up_seconds: 86_400,
    timezone: 'UTC',
    enabled: true,
  });
  expect([...unreadable].sort()).toEqual(['c', 'd', 'e', 'f']);
  expect(problems).toEqual([
    '/p/f.yaml: is not UTF-8 text; save it as UTF-8',
    '/p/b.yaml: a is defined in /p/a.yaml as well',
    expect.stringMatching(/^\/p\/c\.yaml:4: schedule: .* never comes/),
    expect.stringMatching(/^\/p\/d\.yaml:\d: /),
    expect.stringMatching(
      /^\/p\/e\.yaml:4: match: has an unknown key sort; there are kind, severity, target/,
    ),
  ]);
});
