import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { ScriptRefusal } from '../../src/contracts/script.js';
import { missing, way, whenJailed } from '../tools/scripts/jailed.js';
import { Workbench } from '../tools/scripts/workbench.js';

const NONE: readonly string[] = [];
let inside: Workbench;
beforeAll(() => {
  inside = new Workbench({}, { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' }, way);
});
afterAll(() => inside.close());

let count = 0;
const next = () => `script_${(count += 1)}`;

whenJailed(`what a jail refuses${missing}`, () => {
  const refusedBy = async (ending: string, source: string, permissions: readonly string[]) => {
    const refused: ScriptRefusal[] = [];
    const onRefused = (each: ScriptRefusal) => void refused.push(each);
    const made = inside.script(`${next()}.${ending}`, source);
    return { error: await inside.failure(made, {}, { permissions, onRefused }), refused };
  };
  const fetching = (url: string) => `export default async () => (await fetch('${url}')).status;`;

  test.each<[string, string, string, readonly string[], string]>([
    [
      'an unknown way',
      'js',
      fetching('https://api.example.com/x'),
      NONE,
      'read:network:api.example.com:443',
    ],
    [
      'a port of its own',
      'js',
      fetching('http://127.0.0.1:8099/'),
      NONE,
      'read:network:127.0.0.1:8099',
    ],
    [
      'http.request',
      'js',
      `import { get } from 'node:http';
export default () => new Promise((done, fail) => get('http://127.0.0.1:8099/').on('error', fail));`,
      NONE,
      'read:network:127.0.0.1:8099',
    ],
    [
      'urllib',
      'py',
      `import urllib.request\ndef execute(c, p):\n    urllib.request.urlopen("https://api.example.com/")`,
      NONE,
      'read:network:api.example.com:443',
    ],
    [
      'an error that hides its cause',
      'py',
      `import urllib.request\ndef execute(c, p):\n    try:\n        urllib.request.urlopen("http://127.0.0.1:8099/")\n    except OSError:\n        raise RuntimeError("no answer")`,
      NONE,
      'read:network:127.0.0.1:8099',
    ],
    ['curl', 'sh', 'curl -sS https://api.example.com/', NONE, 'read:network:api.example.com'],
    [
      'another host',
      'js',
      fetching('https://api.example.com/x'),
      ['read:network:other.example.com'],
      'read:network:api.example.com:443',
    ],
    [
      'another host',
      'py',
      `import urllib.request\ndef execute(c, p):\n    urllib.request.urlopen("https://api.example.com/")`,
      ['read:network:other.example.com'],
      'read:network:api.example.com:443',
    ],
    [
      'another host',
      'sh',
      'curl -sS https://api.example.com/',
      ['read:network:other.example.com'],
      'read:network:api.example.com:443',
    ],
    [
      'without the proxy',
      'js',
      `import { connect } from 'node:net';
export default () => new Promise((done, fail) => connect(443, '192.0.2.1').on('error', fail));`,
      ['read:network:other.example.com'],
      'read:network:192.0.2.1:443',
    ],
    [
      'a file',
      'js',
      `import { writeFileSync } from 'node:fs';\nexport default () => writeFileSync('out.txt', 'x');`,
      NONE,
      'write:filesystem:out.txt',
    ],
    [
      'a folder',
      'js',
      `import { mkdirSync } from 'node:fs';\nexport default () => mkdirSync('made');`,
      NONE,
      'write:filesystem:made/**',
    ],
    [
      'a file',
      'py',
      `def execute(c, p):\n    open("out.txt", "w")`,
      NONE,
      'write:filesystem:out.txt',
    ],
    [
      'a folder',
      'py',
      `import os\ndef execute(c, p):\n    os.mkdir("made")`,
      NONE,
      'write:filesystem:made/**',
    ],
    [
      'a file that is there',
      'py',
      `def execute(c, p):\n    open("package.json", "a")`,
      NONE,
      'write:filesystem:package.json',
    ],
    ['a file', 'sh', 'echo x > out.txt', NONE, 'write:filesystem:out.txt'],
    ['a folder', 'sh', 'mkdir made', NONE, 'write:filesystem:made/**'],
    ['touch', 'sh', 'touch made.txt', NONE, 'write:filesystem:made.txt'],
  ])('%s in %s is told with the permission to add', async (_, ending, source, tags, permission) => {
    const { error, refused } = await refusedBy(ending, source, tags);
    expect(error).toMatchObject({ code: 'permission_denied', retryable: false });
    expect(error.message).toContain('this directive has no permission to ');
    expect(error.message).toContain(`: add \`${permission}\` to its permissions (`);
    expect(error.data).toMatchObject({ permission });
    expect(refused).toEqual([expect.objectContaining({ permission })]);
  });

  test('what is denied, or lies outside, is told as that', async () => {
    inside.write('keys/one.txt', 'x');
    const open = (path: string) => `def execute(c, p):\n    open("${path}", "w")`;
    const denied = await refusedBy('py', open('keys/one.txt'), ['deny:filesystem:keys/**']);
    expect(denied.error.message).toContain('permissions deny keys/one.txt to its scripts');
    const outside = await refusedBy('py', open('/etc/x'), ['write:filesystem']);
    expect(outside.error.message).toContain(
      'scripts have no permission to write /etc/x: they can write in',
    );
    const url = 'https://api.example.com/';
    const tags = ['read:network', 'deny:network:api.example.com'];
    const { error } = await refusedBy('js', fetching(url), tags);
    expect(error.message).toContain('permissions deny api.example.com:443 to its scripts');
    expect([denied, outside].map((each) => each.error.code)).toEqual(
      Array.from({ length: 2 }, () => 'permission_denied'),
    );
  });

  test('a refusal that the script does without is told as well, and what fails later is not it', async () => {
    const source = `export default async ({ inputs }) => {
  await fetch('https://api.example.com/').catch(() => undefined);
  if (inputs.fail) null.x;
  return { done: true };
};`;
    const made = inside.script(`${next()}.js`, source);
    const refused: ScriptRefusal[] = [];
    const call = {
      permissions: ['read:network:other.example.com'],
      onRefused: (each: ScriptRefusal) => void refused.push(each),
    };
    expect(await inside.run(made, {}, call)).toEqual({ done: true });
    expect(refused).toEqual([expect.objectContaining({ target: 'network:api.example.com:443' })]);
    const error = await inside.failure(made, { fail: true }, call);
    expect(error.code).toBe('script_error');
    expect(error.message).toMatch(/^TypeError: Cannot read properties of null/);
    expect(refused).toHaveLength(2);
  });

  test.each<[string, string, string, readonly string[], RegExp]>([
    [
      'a closed port with its right',
      'js',
      fetching('http://127.0.0.1:8099/'),
      ['read:network:127.0.0.1:8099'],
      /127\.0\.0\.1:8099 could not be reached: connect ECONNREFUSED/,
    ],
    [
      'a closed port with its right',
      'py',
      `import urllib.request\ndef execute(c, p):\n    urllib.request.urlopen("http://127.0.0.1:8099/")`,
      ['read:network:127.0.0.1:8099'],
      /HTTP Error 502: .*ECONNREFUSED.*127\.0\.0\.1:8099/,
    ],
    [
      'a closed port with its right',
      'sh',
      'curl -fsS http://127.0.0.1:8099/',
      ['read:network:127.0.0.1:8099'],
      /502/,
    ],
    [
      'a file that is not there',
      'js',
      `import { readFileSync } from 'node:fs';\nexport default () => readFileSync('none.txt');`,
      NONE,
      /ENOENT/,
    ],
    [
      'a file of the mode 0',
      'py',
      `import os\ndef execute(c, p):\n    f = c.scratch_dir + "/x"\n    open(f, "w").close()\n    os.chmod(f, 0)\n    open(f)`,
      NONE,
      /Permission denied/,
    ],
    [
      'words of refusal',
      'js',
      `export default () => { throw new Error('HTTP 403: proxy refused'); };`,
      NONE,
      /^HTTP 403: proxy refused/,
    ],
    ['words of refusal', 'sh', 'echo "payment refused" >&2; exit 1', NONE, /payment refused/],
  ])('%s in %s is none', async (_, ending, source, tags, message) => {
    const { error, refused } = await refusedBy(ending, source, tags);
    expect(error.code).toBe('script_error');
    expect(error.message).toMatch(message);
    expect(refused).toEqual([]);
  });
});
