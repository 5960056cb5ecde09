import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import type { McpServerConfig } from '../../../src/platform/config/config.js';
import type { McpGateway } from '../../../src/tools/mcp/mcp-gateway.js';
import { missing, way, whenJailed } from '../../tools/scripts/jailed.js';
import {
  FILESYSTEM,
  GatewayFixture,
  isAlive,
  TOKEN,
  until,
} from '../../tools/mcp/gateway-fixture.js';
import { JailBench } from './jailed-servers.js';

let fixture: GatewayFixture;
let bench: JailBench;
beforeAll(async () => void (fixture = await GatewayFixture.create()));
beforeEach(() => void (way && (bench = new JailBench())));
afterEach(async () => {
  await fixture.stopGateways();
  if (way) await bench.close();
});
afterAll(() => fixture.end());

const open = (servers: Record<string, McpServerConfig>, of = bench) =>
  fixture.gateway(servers, {}, 'w1', of.jail);

const call = (gateway: McpGateway, tool: string, args: JsonObject = {}, server = 'it') =>
  gateway.call(server, tool, args, { timeoutMs: 9_000 });

/** What the hostile server tells of its tries. */
const tries = async (gateway: McpGateway, tool: string, args: JsonObject = {}) =>
  JSON.parse((await call(gateway, tool, args)) as string);

/** Processes of this machine whose command has these words. */
const processesOf = (words: string) =>
  execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(words));

const reasonOf = async (gateway: McpGateway) => (await gateway.status('it')).reason;

whenJailed(`an MCP server with permissions${missing}`, () => {
  it('sees nothing but the system and its project', async () => {
    const gateway = await open({ it: bench.hostile([]) });
    const [key, beside] = [join(bench.home, 'operator.key'), join(bench.root, 'beside.txt')];
    const read = await tries(gateway, 'read', {
      paths: ['/etc/shadow', key, beside, `/proc/${process.pid}/environ`, 'README.md'],
    });
    expect(read).toEqual({
      '/etc/shadow': { failed: 'ENOENT' },
      [key]: { failed: 'ENOENT' },
      [beside]: { failed: 'ENOENT' },
      [`/proc/${process.pid}/environ`]: { failed: 'ENOENT' },
      'README.md': 'read me',
    });
    expect(await tries(gateway, 'list', { paths: [bench.root, '/tmp'] })).toEqual({
      [bench.root]: ['project'],
      // A project in /tmp has its place there.
      '/tmp': expect.not.arrayContaining(
        readdirSync('/tmp').filter((name) => !bench.root.endsWith(name)),
      ),
    });
  });

  it('knows nobody’s environment but its own, and is nobody', async () => {
    process.env['CANARY'] = 'of-the-worker';
    const env = { TOKEN: 'secret://token', GIVEN: 'yes', WORKER: String(process.pid) };
    const gateway = await open({ it: bench.hostile([], { env } as never) });
    delete process.env['CANARY'];
    const { known, pids } = await tries(gateway, 'spy');
    expect(known).not.toContain('of-the-worker');
    expect(known).toContain('GIVEN=yes');
    expect(pids).toBeLessThan(5);
    const self = await tries(gateway, 'self');
    const usual = ['HOME', 'LANG', 'PATH', 'PWD', 'OLDPWD'];
    const more = Object.keys(self.env).filter((name) => !usual.includes(name));
    expect(more.sort()).toEqual(['GIVEN', 'TOKEN', 'WORKER']);
    expect(self).toMatchObject({ cwd: bench.project, env: { HOME: '/tmp', TOKEN } });
    expect(self.uid).not.toBe(0);
    expect(self.status).toMatch(/^CapEff:\s+0+$/m);
    expect(self.status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(self.status).toMatch(/^Seccomp:\s+2$/m);
    expect(await tries(gateway, 'sudo')).toEqual({
      setuid: { failed: 'EPERM' },
      kill: { failed: 'ESRCH' },
    });
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(TOKEN);
  });

  it('is bounded as scripts are, but not in how long it works', async () => {
    const gateway = await open({ it: bench.hostile([]) });
    const { limits } = await tries(gateway, 'self');
    expect(limits).toMatch(/^Max cpu time +unlimited/m);
    expect(limits).toMatch(/^Max open files +1024 /m);
    expect(limits).toMatch(/^Max file size +268435456 /m);
    expect(limits).toMatch(/^Max core file size +0 /m);
    if (way?.kind === 'root' && way.idmap) expect(limits).toMatch(/^Max processes +128 /m);
  });

  it('that takes too much memory is stopped, and it is told why', async () => {
    const small = new JailBench({ memoryMib: 256 });
    const gateway = await open({ it: small.hostile([]) }, small);
    await call(gateway, 'hog', { mib: 400 }).catch(() => undefined);
    await until(async () => (await gateway.status('it')).state === 'disconnected');
    expect(await reasonOf(gateway)).toMatch(
      /^was stopped: it held \d+ MiB of memory, more than 256 \(scripts.limits in mission.yaml\)$/,
    );
    await fixture.stopGateways();
    await small.close();
  });

  it('writes what it is granted and nothing else', async () => {
    bench.write('project/.ai/directives/a.yaml', 'x');
    const gateway = await open({ it: bench.hostile(['write:filesystem:out/**']) });
    const paths = ['out/new.txt', 'README.md', 'server.mjs', 'new.txt', 'mission.yaml'];
    const outside = [join(bench.root, 'beside.txt'), '/usr/evil', '/etc/evil', '/dev/evil'];
    const written = await tries(gateway, 'write', { paths: [...paths, ...outside, '/tmp/own'] });
    const done = Object.keys(written).filter((path) => written[path] === 'done');
    expect(done).toEqual(['out/new.txt', '/tmp/own']);
    expect(readFileSync(join(bench.project, 'out/new.txt'), 'utf8')).toBe('evil');
    expect(existsSync('/tmp/own')).toBe(false);
  });

  it('of the whole project changes neither directives nor the configuration', async () => {
    bench.write('project/.ai/directives/a.yaml', 'x');
    bench.write('project/keys/private.pem', 'x');
    const tags = ['write:filesystem', 'deny:filesystem:keys/**'];
    const gateway = await open({ it: bench.hostile(tags) });
    const paths = ['new.txt', '.ai/directives/a.yaml', 'mission.yaml', '.git/config'];
    const written = await tries(gateway, 'write', { paths: [...paths, 'keys/private.pem'] });
    expect(Object.keys(written).filter((path) => written[path] === 'done')).toEqual(['new.txt']);
    const read = await tries(gateway, 'read', { paths: ['keys/private.pem'] });
    expect(read).toEqual({ 'keys/private.pem': { failed: 'ENOENT' } });
  });

  it('is stopped when somebody takes a wall away', async () => {
    const gateway = await open({ it: bench.hostile(['write:filesystem']) });
    renameSync(bench.write('project/saved', 'limits: {}\n'), join(bench.project, 'mission.yaml'));
    await until(async () => (await gateway.status('it')).state === 'disconnected');
    expect(await reasonOf(gateway)).toContain(
      'was stopped: mission.yaml in the project was replaced',
    );
    expect(bench.breaches).toEqual([join(bench.project, 'mission.yaml')]);
    expect(await gateway.reconnect('it')).toMatchObject({ state: 'connected', jailed: true });
  });

  it('reads by name outside the project, but not what Mission Control keeps there', async () => {
    bench.write('shared/docs/a.txt', 'a');
    bench.write('shared/other.txt', 'b');
    const link = join(bench.root, 'link');
    symlinkSync(join(bench.home, 'scratch'), link);
    const tag = `read:filesystem:${join(bench.root, 'shared/docs')}/**`;
    const gateway = await open({
      it: bench.hostile([tag]),
      whole: bench.hostile([`read:filesystem:${bench.root}`]),
      home: bench.hostile([`read:filesystem:${bench.home}`]),
      linked: bench.hostile([], { cwd: link } as never),
    });
    const [docs, other] = ['docs/a.txt', 'other.txt'].map((path) =>
      join(bench.root, 'shared', path),
    );
    expect(await tries(gateway, 'read', { paths: [docs!, other!] })).toEqual({
      [docs!]: 'a',
      [other!]: { failed: 'ENOENT' },
    });
    expect(await tries(gateway, 'write', { paths: [docs!] })).toEqual({
      [docs!]: { failed: 'EROFS' },
    });
    const key = join(bench.home, 'operator.key');
    const seen = await call(gateway, 'read', { paths: [key, other!] }, 'whole');
    expect(JSON.parse(seen as string)).toEqual({ [key]: { failed: 'ENOENT' }, [other!]: 'b' });
    for (const name of ['home', 'linked']) {
      expect((await gateway.status(name)).reason).toContain('which no sandboxed process may see');
    }
  });

  it('starts where it is told to, also outside the project', async () => {
    const cwd = dirname(bench.write('elsewhere/data.txt', 'there'));
    const args = [join(bench.project, 'server.mjs')];
    const gateway = await open({ it: bench.hostile([], { cwd, args } as never) });
    expect(await tries(gateway, 'read', { paths: ['data.txt'] })).toEqual({ 'data.txt': 'there' });
    expect(await tries(gateway, 'write', { paths: ['data.txt'] })).toEqual({
      'data.txt': { failed: 'EROFS' },
    });
  });
});

whenJailed(`the network of an MCP server${missing}`, () => {
  let web: Server;
  let url: string;
  let host: string;
  beforeAll(async () => {
    web = createServer((_, answer) => answer.end('hello'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    url = `http://${host}/`;
  });
  afterAll(() => void web.close());

  it('is not there, unless it is granted', async () => {
    const gateway = await open({ it: bench.hostile(['write:filesystem:out/**']) });
    expect(await tries(gateway, 'fetch', { urls: [url] })).toEqual({
      [url]: { failed: 'ECONNREFUSED' },
    });
  });

  it('leads where it is granted and nowhere else', async () => {
    const gateway = await open({ it: bench.hostile([`read:network:${host}`]) });
    const other = `http://127.0.0.1:${Number(host.split(':')[1]) + 1}/`;
    const fetched = await tries(gateway, 'fetch', { urls: [url, other] });
    expect(fetched).toEqual({ [url]: 'hello', [other]: { failed: expect.anything() } });
    expect(await reasonOf(gateway)).toBeNull();
  });
});

whenJailed(`the life of a jailed server${missing}`, () => {
  const pidOf = (gateway: McpGateway) => gateway.pid('it')!;

  it('lists its tools, is called, and says what it says', async () => {
    const gateway = await open({ it: bench.hostile([]) });
    const { tools, jailed } = await gateway.status('it');
    expect(tools.map(({ name }) => name)).toContain('spy');
    expect(jailed).toBe(true);
    const found = (sql: string) =>
      until(async () => (await fixture.dataSource.query(sql)).length > 0);
    await found(`SELECT 1 FROM mcp_server_states WHERE server = 'it' AND jailed`);
    await found(`SELECT 1 FROM log_entries WHERE message = 'hostile and proud of it'`);
  });

  it.each(['the walls', 'the server itself'])(
    'ends at once when %s are killed with -9',
    async (what) => {
      const mark = `mark-${bench.root}`;
      const gateway = await open({
        it: bench.hostile([], { args: ['server.mjs', mark] } as never),
      });
      await call(gateway, 'orphan', { mark });
      await until(() => processesOf(`sleep 300 # ${mark}`).length > 0);
      const inner = Number(processesOf(`server.mjs ${mark}`).at(-1)!.trim().split(' ')[0]);
      process.kill(what === 'the walls' ? pidOf(gateway) : inner, 'SIGKILL');
      await until(async () => (await gateway.status('it')).state === 'disconnected', 1_000);
      expect(await reasonOf(gateway)).toBe('was killed by SIGKILL');
      await until(() => processesOf(mark).length === 0, 1_000);
      expect(await gateway.reconnect('it')).toMatchObject({ state: 'connected', jailed: true });
      expect(await tries(gateway, 'read', { paths: ['/etc/shadow'] })).toEqual({
        '/etc/shadow': { failed: 'ENOENT' },
      });
    },
  );

  it.each([[[]], [['read:network:example.com']]])(
    'is asked before it is killed, with %j',
    async (network) => {
      const permissions = ['write:filesystem:out/**', ...network];
      const args = ['server.mjs', 'stubborn'];
      const gateway = await open({ it: bench.hostile(permissions, { args } as never) });
      const pid = pidOf(gateway);
      await gateway.stop();
      expect(isAlive(pid)).toBe(false);
      expect(readFileSync(join(bench.project, 'out/goodbye'), 'utf8')).toBe('asked');
    },
  );

  it('leaves nothing, neither processes nor files', async () => {
    const mark = `mark-${bench.root}`;
    const tags = ['read:network:example.com'];
    const gateway = await open({
      it: bench.hostile(tags, { args: ['server.mjs', mark] } as never),
    });
    await call(gateway, 'orphan', { mark });
    await gateway.stop();
    expect(processesOf(mark)).toEqual([]);
    await bench.jail.close();
    expect(readdirSync(join(bench.home, 'scratch'))).toEqual([]);
  });

  it('does not outlive a worker that is killed with -9, stubborn as it is', async () => {
    const mark = `mark-${bench.root}`;
    const flags = ['--experimental-transform-types', '--no-warnings'];
    const program = join(import.meta.dirname, 'jail-program.mjs');
    const args = [...flags, program, bench.project, bench.home];
    const worker = spawn(process.execPath, [...args, 'server.mjs', 'stubborn', mark], {
      stdio: 'inherit',
    });
    const inside = () => processesOf(mark).filter((line) => !line.includes(program));
    await until(() => inside().some((line) => line.includes('node server.mjs')), 15_000);
    worker.kill('SIGKILL');
    await until(() => inside().length === 0, 3_000);
    // The other directory is that of the bench.
    await until(() => readdirSync(join(bench.home, 'scratch')).length === 1);
  });

  it('ends with the jail, even without a word to the server', async () => {
    const gateway = await open({ it: bench.hostile([]) });
    const pid = pidOf(gateway);
    await bench.jail.close();
    expect(isAlive(pid)).toBe(false);
    await until(async () => (await gateway.status('it')).state === 'disconnected');
  });
});

whenJailed(`the program of a jailed server${missing}`, () => {
  const FAKE_NPX = '#!/bin/sh\necho "npm error network" >&2\nexit 1\n';

  it('may be a package elsewhere: the real filesystem server', async () => {
    bench.write('project/a.txt', 'forty-two');
    const args = [FILESYSTEM, '.'];
    const permissions = ['write:filesystem:out/**'];
    const gateway = await open({ it: bench.server(args, { permissions } as never) });
    expect(await reasonOf(gateway)).toBeNull();
    const at = (path: string) => join(bench.project, path);
    const read = (path: string) => call(gateway, 'read_text_file', { path });
    const write = (path: string) => call(gateway, 'write_file', { path, content: 'x' });
    expect(JSON.stringify(await read(at('a.txt')))).toContain('forty-two');
    await write(at('out/b.txt'));
    expect(readFileSync(at('out/b.txt'), 'utf8')).toBe('x');
    await expect(write(at('a.txt'))).rejects.toMatchObject({ code: 'mcp_error' });
    await expect(read('/etc/shadow')).rejects.toMatchObject({ code: 'mcp_error' });
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('forty-two');
    process.kill(gateway.pid('it')!, 'SIGKILL');
    await until(async () => (await gateway.status('it')).state === 'disconnected', 1_000);
    await gateway.reconnect('it');
    await expect(write(at('a.txt'))).rejects.toMatchObject({ code: 'mcp_error' });
  });

  it('may be named by its link in node_modules/.bin', async () => {
    const command = join(dirname(FILESYSTEM), '../../../.bin/mcp-server-filesystem');
    const gateway = await open({ it: bench.server(['.'], { command } as never) });
    expect(await reasonOf(gateway)).toBeNull();
    expect((await gateway.status('it')).tools.length).toBeGreaterThan(5);
  });

  it('is told when it is not there, or cannot be what it wants to be', async () => {
    const npx = bench.write('bin/npx', FAKE_NPX);
    execFileSync('chmod', ['755', npx]);
    const env = { PATH: `${dirname(npx)}:/usr/bin:/bin` };
    const gateway = await open({
      nobody: bench.server([], { command: 'no-such-command' } as never),
      nowhere: bench.server(['server.mjs'], { cwd: '/no/such/folder' } as never),
      npx: bench.server(['-y', 'some-server'], { command: 'npx', env } as never),
      needy: bench.server(['-e', `require('/opt/not/granted')`]),
    });
    const reason = async (name: string) => (await gateway.status(name)).reason;
    expect(await reason('nobody')).toMatch(
      /no-such-command .*not in any folder of PATH; install it/,
    );
    expect(await reason('nowhere')).toMatch(/in \/no\/such\/folder: there is no such directory/);
    expect(await reason('npx')).toMatch(
      /exited with code 1: npm error network\. In the sandbox npx cannot install packages: install the package in the project and use its program as the command, or grant network access/,
    );
    expect(await reason('needy')).toMatch(
      /exited with code 1: .*The server runs in a sandbox: it can read/,
    );
  });

  it('is not started where there is no jail for it', async () => {
    const gateway = await fixture.gateway({ it: bench.hostile([]) });
    expect(await reasonOf(gateway)).toBe(
      'it has permissions, but this machine has no sandbox to enforce them',
    );
  });
});
