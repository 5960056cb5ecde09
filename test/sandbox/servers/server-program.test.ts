import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serverProgram } from '../../../src/sandbox/servers/server-program.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'server-program-')));
  make('project/package.json');
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (path: string) => join(root, path);

function make(path: string): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), '');
  chmodSync(at(path), 0o755);
  return at(path);
}

function link(path: string, to: string): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  symlinkSync(to, at(path));
  return at(path);
}

/** What is shown of the disk for a command; paths from the root of the test. */
function shown(command: string, ...args: string[]): string[] {
  const project = at('project');
  const server = { transport: 'stdio', command, args, env: {}, cwd: project } as const;
  const path = `${at('bin')}:/usr/bin:/bin`;
  const { argv, visible } = serverProgram(server, project, path);
  expect(argv.slice(1)).toEqual(args);
  return visible.map((each) => each.replace(`${root}/`, ''));
}

test('of the system and the project nothing', () => {
  make('project/node_modules/.bin/server');
  make('project/server.sh');
  expect(shown('sh', 'server.sh')).toEqual([]);
  expect(shown('./server.sh')).toEqual([]);
  expect(shown('node_modules/.bin/server')).toEqual([]);
});

test('a shim only where PATH has nothing else', () => {
  const none: string[] = [];
  const server = { transport: 'stdio', command: 'tool', args: none, env: {}, cwd: root } as const;
  const found = (path: string) => serverProgram(server, at('project'), path).argv;
  const [shim, program] = [make('shims/tool'), make('bin/tool')];
  expect(found(`${at('shims')}:${at('bin')}`)).toEqual([program]);
  expect(found(at('shims'))).toEqual([shim]);
});

test('a program on PATH with its folder, and with what it leads to', () => {
  make('bin/plain');
  make('opt/tool/bin/real');
  link('bin/linked', at('opt/tool/bin/real'));
  expect(shown('plain')).toEqual(['bin']);
  expect(shown('linked')).toEqual(['bin', 'opt/tool/bin']);
});

test('a package that is installed elsewhere, with those that it needs', () => {
  make('lib/node_modules/@scope/server/dist/index.js');
  link('bin/server', at('lib/node_modules/@scope/server/dist/index.js'));
  expect(shown('server')).toEqual(['bin', 'lib/node_modules']);
});

test('the file that an interpreter is to run: its package, else its folder', () => {
  const file = make('apps/mine/dist/server.js');
  make('apps/mine/dist/package.json');
  make('apps/mine/package.json');
  make('apps/mine/node_modules/dependency/index.js');
  make('apps/plain/server.js');
  make('bin/node');
  expect(shown('node', '--no-warnings', file)).toEqual(['bin', 'apps/mine']);
  expect(shown('node', '../apps/plain/server.js')).toEqual(['bin', 'apps/plain']);
  expect(shown('node', '-e', '1', '/nowhere/at/all')).toEqual(['bin']);
});

test('of a program that is no interpreter no argument', () => {
  make('bin/plain');
  expect(shown('plain', make('data/secret.txt'))).toEqual(['bin']);
});

test('a virtual environment and the Python that it has borrowed', () => {
  make('python/bin/python3.99');
  make('python/lib/python3.99/os.py');
  make('venv/pyvenv.cfg');
  link('venv/bin/python3', at('python/bin/python3.99'));
  make('venv/bin/mcp-server');
  expect(shown(at('venv/bin/mcp-server'))).toEqual(['venv', 'python']);
  expect(shown(at('venv/bin/python3'), '-m', 'server')).toEqual(['venv', 'python']);
});

test('never a home as a whole', () => {
  const file = join(homedir(), `.server-program-${process.pid}`);
  writeFileSync(file, '');
  chmodSync(file, 0o755);
  try {
    expect(shown(file)).toEqual([file]);
  } finally {
    rmSync(file);
  }
});

test('and why there is none', () => {
  writeFileSync(at('project/data.txt'), '');
  expect(() => shown('nobody')).toThrow(
    /nobody cannot be started in .*: it is not in any folder of PATH/,
  );
  expect(() => shown('./nobody')).toThrow(/there is no such program; install it/);
  expect(() => shown('./data.txt')).toThrow(/there is no such program/);
});
