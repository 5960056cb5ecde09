import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { McpGateway } from '../../../src/tools/mcp/mcp-gateway.js';
import { IDEMPOTENCY_META } from '../../../src/tools/mcp/calls.js';
import {
  EVERYTHING,
  FILESYSTEM,
  GatewayFixture,
  isAlive,
  odd,
  stdio,
  TOKEN,
  until,
} from './gateway-fixture.js';

const everything = () => stdio(EVERYTHING, 'stdio');
const FAST = { pingEveryMs: 200, pingTimeoutMs: 300, slowMs: 250 };

describe('McpGateway', () => {
  let fixture: GatewayFixture;

  beforeAll(async () => void (fixture = await GatewayFixture.create()));
  afterEach(() => fixture.stopGateways());
  afterAll(() => fixture.end());

  const pidOf = (gateway: McpGateway, server: string) => gateway.pid(server)!;
  const rows = (sql: string, ...values: unknown[]) => fixture.dataSource.query(sql, values);

  describe('with the real everything server', () => {
    it('connects, lists tools, calls one and writes its state', async () => {
      const gateway = await fixture.gateway({ everything: everything() });
      expect(await gateway.status('everything')).toMatchObject({
        state: 'connected',
        reason: null,
      });
      expect(
        await gateway.call('everything', 'echo', { message: 'hi' }, { timeoutMs: 5_000 }),
      ).toBe('Echo: hi');
      const [row] = await until(() => rows(`SELECT * FROM mcp_server_states`));
      expect(row).toMatchObject({ server: 'everything', worker_id: 'w1', state: 'connected' });
      expect(row.tools.map((tool: { name: string }) => tool.name)).toContain('echo');
      expect(row.latency_ms).toBeGreaterThan(0);
    });

    it('gives structured content as it is, and images as a list of content', async () => {
      const gateway = await fixture.gateway({ everything: everything() });
      const options = { timeoutMs: 5_000 };
      expect(
        await gateway.call(
          'everything',
          'get-structured-content',
          { location: 'Chicago' },
          options,
        ),
      ).toMatchObject({ temperature: expect.any(Number) });
      expect(await gateway.call('everything', 'get-tiny-image', {}, options)).toEqual(
        expect.arrayContaining([expect.objectContaining({ type: 'image' })]),
      );
    });

    it('fails with the text of a tool that says isError, and names the tool that was meant', async () => {
      const gateway = await fixture.gateway({ everything: everything() });
      const options = { timeoutMs: 5_000 };
      await expect(
        gateway.call('everything', 'echo', { nothing: 1 }, options),
      ).rejects.toMatchObject({ code: 'mcp_error', message: expect.stringContaining('message') });
      await expect(gateway.call('everything', 'ecko', {}, options)).rejects.toMatchObject({
        code: 'mcp_error',
        message: expect.stringContaining('did you mean "echo"?'),
      });
      await expect(gateway.call('everythin', 'echo', {}, options)).rejects.toMatchObject({
        code: 'input_invalid',
        message: expect.stringContaining('did you mean "everything"?'),
      });
    });

    it('sees kill -9 at once, logs it, and a call brings the server back', async () => {
      const gateway = await fixture.gateway({ everything: everything() });
      const pid = pidOf(gateway, 'everything');
      process.kill(pid, 'SIGKILL');
      await until(async () => (await gateway.status('everything')).state === 'disconnected', 1_000);
      const { reason } = await gateway.status('everything');
      expect(reason).toContain('was killed by SIGKILL');
      await until(() =>
        rows(`SELECT 1 FROM mcp_server_states WHERE state = 'disconnected'`).then((r) => r.length),
      );
      const logs = await until(async () => {
        const found = await rows(
          `SELECT * FROM log_entries WHERE source = 'mcp:everything' AND level = 'error'`,
        );
        return found.length > 0 && found;
      });
      expect(logs[0].message).toContain('MCP server everything is disconnected: was killed');
      expect(
        await gateway.call('everything', 'echo', { message: 'again' }, { timeoutMs: 9_000 }),
      ).toBe('Echo: again');
      expect(pidOf(gateway, 'everything')).not.toBe(pid);
      expect((await gateway.status('everything')).state).toBe('connected');
    });

    it('reconnects on request, and leaves a server alone that answers', async () => {
      const gateway = await fixture.gateway({ everything: everything() });
      const pid = pidOf(gateway, 'everything');
      await gateway.reconnect('everything');
      expect(pidOf(gateway, 'everything')).toBe(pid);
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid));
      expect(await gateway.reconnect('everything')).toMatchObject({ state: 'connected' });
    });

    it('leaves no process behind', async () => {
      const gateway = await fixture.gateway({ everything: everything() });
      const pid = pidOf(gateway, 'everything');
      await gateway.stop();
      expect(isAlive(pid)).toBe(false);
      expect(await rows(`SELECT 1 FROM mcp_server_states`)).toEqual([]);
    });
  });

  it('works on files through the real filesystem server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mcp-files-'));
    await writeFile(join(folder, 'a.txt'), 'forty-two');
    const gateway = await fixture.gateway({ files: stdio(FILESYSTEM, folder) });
    const options = { timeoutMs: 5_000 };
    const path = join(folder, 'a.txt');
    expect(
      JSON.stringify(await gateway.call('files', 'read_text_file', { path }, options)),
    ).toContain('forty-two');
    await expect(
      gateway.call('files', 'read_text_file', { path: '/etc/passwd' }, options),
    ).rejects.toMatchObject({ code: 'mcp_error', message: expect.stringContaining('denied') });
    await rm(folder, { recursive: true });
  });

  describe('with servers that misbehave', () => {
    it('says why a command cannot be started', async () => {
      const gateway = await fixture.gateway({
        missing: { ...stdio(), command: 'no-such-command' },
        failing: stdio('-e', 'console.error("the token is missing"); process.exit(3)'),
        nowhere: { ...everything(), cwd: '/no/such/folder' },
      } as never);
      expect((await gateway.status('missing')).reason).toContain('no-such-command');
      expect((await gateway.status('failing')).reason).toBe(
        'exited with code 3: the token is missing',
      );
      expect((await gateway.status('nowhere')).reason).toContain('/no/such/folder');
      await expect(gateway.call('failing', 'x', {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
        code: 'mcp_disconnected',
        message: expect.stringContaining('the token is missing'),
      });
    });

    it('gives up on a server that never answers', async () => {
      const gateway = await fixture.gateway({ silent: odd('silent') }, { connectMs: 300 });
      expect(await gateway.status('silent')).toMatchObject({
        state: 'disconnected',
        reason: expect.stringMatching(/300 ms|timed out/),
      });
      const start = Date.now();
      await expect(gateway.call('silent', 'x', {}, { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'mcp_disconnected',
      });
      expect(Date.now() - start).toBeLessThan(1_000);
    });

    it('understands a server that prints rubbish between its messages', async () => {
      const gateway = await fixture.gateway({ garbling: odd('garble') });
      const answer = await gateway.call('garbling', 'echo', { a: 1 }, { timeoutMs: 5_000 });
      expect(JSON.parse(answer as string).args).toEqual({ a: 1 });
    });

    it('survives a flood of messages and of stderr', async () => {
      const gateway = await fixture.gateway({ flooding: odd('flood', 'stderr') });
      for (let i = 0; i < 5; i += 1) {
        await gateway.call('flooding', 'echo', {}, { timeoutMs: 10_000 });
      }
      await until(() =>
        rows(`SELECT 1 FROM log_entries WHERE message LIKE '… and % lines more'`).then(
          (r) => r.length,
        ),
      );
      const [{ count }] = await rows(
        `SELECT count(*)::int FROM log_entries WHERE source = 'mcp:flooding'`,
      );
      expect(count).toBeLessThan(300);
    });

    it('refuses a result over 1 MiB and goes on', async () => {
      const gateway = await fixture.gateway({ odd: odd() });
      await expect(gateway.call('odd', 'big', {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
        code: 'mcp_error',
        message: expect.stringContaining('1048576'),
      });
      expect(await gateway.call('odd', 'echo', {}, { timeoutMs: 5_000 })).toBeDefined();
    });

    it('times out, cancels, and fails a call whose server dies under it', async () => {
      const gateway = await fixture.gateway({ odd: odd() });
      await expect(gateway.call('odd', 'wait', {}, { timeoutMs: 100 })).rejects.toMatchObject({
        code: 'timeout',
      });
      const { signal } = new AbortController();
      await expect(
        gateway.call(
          'odd',
          'wait',
          {},
          { timeoutMs: 5_000, signal: AbortSignal.any([signal, AbortSignal.timeout(50)]) },
        ),
      ).rejects.toMatchObject({ code: 'cancelled' });
      await expect(gateway.call('odd', 'die', {}, { timeoutMs: 5_000 })).rejects.toMatchObject({
        code: 'mcp_disconnected',
        message: expect.stringContaining('was killed by SIGKILL'),
      });
    });

    it('is degraded when pings are slow, disconnected after two without an answer, and back by itself', async () => {
      const gateway = await fixture.gateway({ slow: odd('slow=280'), odd: odd() }, FAST);
      await until(async () => (await gateway.status('slow')).state === 'degraded');
      expect((await gateway.status('slow')).reason).toMatch(/a ping took \d+ ms/);
      const pid = pidOf(gateway, 'odd');
      process.kill(pid, 'SIGSTOP');
      await until(async () => (await gateway.status('odd')).state === 'degraded');
      await until(async () => (await gateway.status('odd')).state === 'disconnected');
      expect((await gateway.status('odd')).reason).toBe('it does not answer pings');
      process.kill(pid, 'SIGCONT');
      await until(async () => (await gateway.status('odd')).state === 'connected');
    });

    it('does not give up a server that is silent because it works', async () => {
      const gateway = await fixture.gateway({ busy: odd('mute-pings') }, FAST);
      const call = gateway.call('busy', 'wait', {}, { timeoutMs: 2_000 });
      await expect(call).rejects.toMatchObject({ code: 'timeout' });
      await until(async () => (await gateway.status('busy')).state === 'disconnected');
    });

    it('takes down what a wrapper has started, also when the wrapper alone is killed', async () => {
      const gateway = await fixture.gateway({ wrapper: odd('orphan', 'ignore-end') });
      const pid = pidOf(gateway, 'wrapper');
      const orphan = Number(await gateway.call('wrapper', 'orphan', {}, { timeoutMs: 5_000 }));
      expect(isAlive(orphan)).toBe(true);
      process.kill(pid, 'SIGKILL');
      await until(async () => (await gateway.status('wrapper')).state === 'disconnected', 1_000);
      await until(() => !isAlive(orphan));
    });
  });

  it('hands over the idempotency key, and only the allowed environment', async () => {
    process.env['CANARY'] = 'secret';
    const gateway = await fixture.gateway({ odd: { ...odd(), env: { GIVEN: 'yes' } } as never });
    const options = { timeoutMs: 5_000, idempotencyKey: 'run:step:0' };
    const echo = JSON.parse((await gateway.call('odd', 'echo', {}, options)) as string);
    expect(echo.meta[IDEMPOTENCY_META]).toBe('run:step:0');
    const env = JSON.parse((await gateway.call('odd', 'env', {}, options)) as string);
    expect(env).toMatchObject({ GIVEN: 'yes', PATH: process.env['PATH'] });
    expect(env).not.toHaveProperty('CANARY');
    delete process.env['CANARY'];
  });

  it('fills in secrets, which stay out of what is recorded', async () => {
    const env = { TOKEN: 'secret://token' };
    const gateway = await fixture.gateway({
      odd: { ...odd('tell-env'), env } as never,
      lost: { ...odd(), env: { TOKEN: 'secret://nobody_has_it' } } as never,
    });
    const told = await gateway.call('odd', 'env', {}, { timeoutMs: 5_000 });
    expect(JSON.parse(told as string).TOKEN).toBe(TOKEN);
    expect((await gateway.status('lost')).reason).toContain('no secret "nobody_has_it"');
    const said = () => rows(`SELECT message FROM log_entries WHERE message LIKE 'token: %'`);
    await until(async () => (await said()).length > 0);
    expect(await said()).toEqual([{ message: 'token: «secret:token»' }]);
  });
});
