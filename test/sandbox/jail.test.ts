import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { JsonObject } from '../../src/contracts/json/json.js';
import { probeJail } from '../../src/sandbox/bubblewrap/probe-jail.js';
import type { JailMethod } from '../../src/sandbox/bubblewrap/jail-method.js';
import { ScriptHost } from '../../src/tools/scripts/script-host.js';
import { readTree } from '../../src/sandbox/processes/process-tree.js';
import { missing, way, whenJailed } from '../tools/scripts/jailed.js';
import { until, Workbench } from '../tools/scripts/workbench.js';

const CANARY = `canary-${process.pid}-${Date.now()}`;
const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', TOKEN: CANARY };
const BOUNDS = { memoryMib: 300, diskMib: 64, fileMib: 32, processes: 64 };

test('without bubblewrap the probe says so, and what to do', async () => {
  expect(await probeJail(tmpdir(), '/nowhere/bwrap')).toEqual({
    reason: 'bubblewrap is not installed',
    hint: expect.stringContaining('apt-get install bubblewrap'),
  });
});

let inside: Workbench;
let outside: Workbench;
beforeAll(() => {
  inside = new Workbench({}, ENVIRONMENT, way, BOUNDS);
  outside = new Workbench({}, ENVIRONMENT);
});
afterAll(async () => {
  await inside.close();
  await outside.close();
});

let count = 0;
/** Runs a script and gives its result, or its error as data. */
async function run(
  bench: Workbench,
  ending: string,
  source: string,
  permissions: string[] = [],
  inputs: JsonObject = {},
): Promise<any> {
  const script = bench.script(`script_${(count += 1)}.${ending}`, source);
  return bench.run(script, inputs, { permissions }).catch((error) => ({ error: error.message }));
}

/** The same with walls and without them: what succeeds in the open must be what the walls prevent. */
const both = async (...args: [string, string, string[]?, JsonObject?]) => ({
  walled: await run(inside, ...args),
  open: await run(outside, ...args),
});

/** Whether each path can be read. */
const READ = `import { readFileSync, readdirSync, statSync } from 'node:fs';
export default ({ inputs }) => inputs.paths.filter((path) => {
  try { return (statSync(path).isDirectory() ? readdirSync(path) : readFileSync(path)).length > 0 } catch { return false }
});`;

whenJailed(`what a jailed script can reach${missing}`, () => {
  let server: Server;
  let local: Server;
  let socket: string;
  beforeAll(async () => {
    socket = join(outside.project, 'service.sock');
    server = createServer((each) => each.end('hello')).listen(0, '127.0.0.1');
    local = createServer((each) => each.end('hello')).listen(socket);
    await until(() => server.listening && local.listening);
  });
  afterAll(() => {
    server.close();
    local.close();
  });

  test('no file of the host, no other directory, no environment of another process', async () => {
    const home = join(outside.project, 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'operator.key'), 'mc_key');
    const paths = ['/etc/shadow', '/var/log', home, `/proc/${process.pid}/environ`];
    const { walled, open } = await both('js', READ, [], { paths });
    expect(walled).toEqual({ value: [] });
    const readable = process.getuid?.() === 0 ? paths : paths.slice(1);
    expect(open).toEqual({ value: readable });
  });

  test('not the worker’s directory, even inside the project, and not another call’s scratch', async () => {
    const inner = new Workbench({}, ENVIRONMENT, way, {}, 'inside');
    const waits = `import { writeFileSync } from 'node:fs';
export default async ({ context }) => { writeFileSync(context.scratch_dir + '/mine', 'x'); await new Promise((r) => setTimeout(r, 800)); return context.scratch_dir };`;
    const list = `find ${inner.project}/scratch -type f; echo '{}'`;
    const other = run(inner, 'js', waits);
    await until(() => findFiles(join(inner.project, 'scratch'), 'mine'));
    inner.logs.length = 0;
    await run(inner, 'sh', list);
    expect(inner.logs).toEqual([]);
    expect((await other).value).toContain('/scratch/');
    await inner.close();
  });

  test('what the operator shows besides, and no fault when that is not there', async () => {
    const shown = join(outside.project, 'shown');
    mkdirSync(shown);
    writeFileSync(join(shown, 'tool.txt'), 'x');
    const options = { projectPath: inside.project, scratchRoot: inside.scratch, jail: way };
    const host = new ScriptHost({ ...options, visible: [shown, '/nowhere/at/all'] });
    const script = inside.script('shown.js', READ);
    const paths = [join(shown, 'tool.txt'), '/etc/shadow'];
    const call = inside.call('shown', { paths });
    expect(await host.run(script, call)).toEqual({ value: [paths[0]] });
    await host.close();
  });

  test('of what the operator shows not what Mission Control keeps there', async () => {
    const shown = join(outside.project, 'shown-home');
    const kept = join(shown, 'mission');
    mkdirSync(kept, { recursive: true });
    const paths = [join(kept, 'operator.key'), join(shown, 'tool.txt')];
    for (const path of paths) writeFileSync(path, 'x');
    const options = { projectPath: inside.project, scratchRoot: inside.scratch, jail: way };
    const host = new ScriptHost({ ...options, visible: [shown], confidential: [kept] });
    const script = inside.script('kept.js', READ);
    expect(await host.run(script, inside.call('kept', { paths }))).toEqual({ value: [paths[1]] });
    await host.close();
  });

  test('no variable of the worker, in its own environment or in that of bubblewrap', async () => {
    const look = `for f in /proc/[0-9]*/environ; do tr '\\0' '\\n' < $f; done 2>/dev/null | grep -c ${CANARY}; tr '\\0' ' ' < /proc/1/cmdline >&2; echo '{}'`;
    inside.logs.length = 0;
    await run(inside, 'sh', look);
    expect(inside.logs.filter(({ level }) => level === 'info')).toEqual([
      { level: 'info', message: '0' },
    ]);
    expect(JSON.stringify(inside.logs)).not.toContain('--setenv');
  });

  test('no network: not the internet, not this machine’s ports, not its sockets', async () => {
    const { port } = server.address() as AddressInfo;
    const source = `import { connect } from 'node:net';
const reach = (to) => new Promise((done) => connect(to).on('data', () => done(true)).on('error', () => done(false)));
export default async ({ inputs }) => Promise.all(inputs.to.map(reach));`;
    const to: JsonObject[] = [{ port, host: '127.0.0.1' }, { path: socket }];
    const { walled, open } = await both('js', source, [], { to });
    expect(walled).toEqual({ value: [false, false] });
    expect(open).toEqual({ value: [true, true] });
    const links = `ls /sys/class/net 2>/dev/null; cat /proc/net/dev | grep -c :; echo '{}'`;
    inside.logs.length = 0;
    await run(inside, 'sh', links);
    expect(inside.logs).toEqual([{ level: 'info', message: '1' }]);
  });

  test('no right: an unprivileged user, no capability, no new ones, no namespaces', async () => {
    const source = `id -u; sed -n 's/^CapEff:.//p;s/^CapBnd:.//p;s/^NoNewPrivs:.//p;s/^Seccomp:.//p' /proc/self/status
unshare -Ur true 2>/dev/null && echo namespace; mount -t tmpfs x /tmp 2>/dev/null && echo mount; echo '{}'`;
    inside.logs.length = 0;
    await run(inside, 'sh', source);
    const [uid, ...rest] = inside.logs.map(({ message }) => message);
    expect(Number(uid)).toBeGreaterThan(0);
    expect(rest).toEqual(['0000000000000000', expect.stringMatching(/^0+$/), '1', '2']);
  });

  test('no file that makes somebody else of whoever runs it', async () => {
    const source = `cp /bin/true made && chmod 755 made && chmod u+s made; chmod 2755 made; mkdir -m 2755 folder
python3 -c 'import os; os.close(os.open("born", os.O_CREAT | os.O_WRONLY, 0o4755))'; stat -c %a made folder born; echo '{}'`;
    const modes = async (bench: Workbench) => {
      bench.logs.length = 0;
      await run(bench, 'sh', source, ['write:filesystem']);
      return bench.logs.filter(({ level }) => level === 'info').map(({ message }) => message);
    };
    expect(await modes(outside)).toEqual(['2755', '2755', '4755']);
    expect(await modes(inside)).toEqual(['755']);
  });

  test('the user on the host is not root either', async () => {
    const waits = 'export default () => new Promise((r) => setTimeout(() => r({}), 700))';
    const running = run(inside, 'js', waits);
    await sleep(350);
    const uids = readTree(process.pid).pids.flatMap((pid) => {
      const [command, status] = [text(`/proc/${pid}/cmdline`), text(`/proc/${pid}/status`)];
      const isScript = command.includes('node-runner.mjs') && !command.includes('bwrap');
      return isScript && command.includes(inside.project)
        ? [Number(/Uid:\s+(\d+)/.exec(status)![1])]
        : [];
    });
    await running;
    expect(uids.length).toBeGreaterThan(0);
    expect(uids).not.toContain(0);
  });
});

whenJailed(`what a jailed script can write${missing}`, () => {
  const WRITE = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
export default ({ inputs }) => inputs.paths.filter((path) => {
  try { mkdirSync(dirname(path), { recursive: true }); writeFileSync(path, 'changed'); return readFileSync(path, 'utf8') === 'changed' } catch { return false }
});`;
  const writable = async (permissions: string[], ...paths: string[]) =>
    (await run(inside, 'js', WRITE, permissions, { paths })).value;

  test('nothing of the project without a tag, and nothing elsewhere', async () => {
    inside.write('data/kept.txt', 'kept');
    const paths = [
      'data/kept.txt',
      'new.txt',
      '.ai/scripts/evil.js',
      '/usr/evil',
      '/etc/evil',
      '/evil',
    ];
    expect(await writable([], ...paths)).toEqual([]);
    expect(await writable(['read:filesystem', 'write:logs'], ...paths)).toEqual([]);
    expect(await run(outside, 'js', WRITE, [], { paths: paths.slice(0, 3) })).toEqual({
      value: paths.slice(0, 3),
    });
    expect(readFileSync(join(inside.project, 'data/kept.txt'), 'utf8')).toBe('kept');
  });

  test('a directory that a scope names; it is made when it is not there', async () => {
    const scope = 'write:filesystem:out/reports/**';
    expect(await writable([scope], 'out/reports/a/b.md', 'out/c.md')).toEqual([
      'out/reports/a/b.md',
    ]);
    expect(existsSync(join(inside.project, 'out/reports/a/b.md'))).toBe(true);
  });

  test('`dir/*` without what lies deeper; a pattern of files: those that are there', async () => {
    inside.write('flat/deep/x.txt', 'x');
    inside.write('notes/a.md', 'a');
    inside.write('notes/b.txt', 'b');
    const paths = ['flat/y.txt', 'flat/deep/x.txt', 'notes/a.md', 'notes/b.txt', 'notes/c.md'];
    const tags = ['write:filesystem:flat/*', 'write:filesystem:notes/*.md'];
    expect(await writable(tags, ...paths)).toEqual(['flat/y.txt', 'notes/a.md']);
  });

  test('`dir/*` takes nothing from a scope that opens more', async () => {
    inside.write('wide/deep/x.txt', 'x');
    const flat = 'write:filesystem:wide/*';
    for (const wide of ['write:filesystem:wide/**', 'write:filesystem']) {
      expect(await writable([flat, wide], 'wide/deep/x.txt')).toEqual(['wide/deep/x.txt']);
    }
  });

  test('all of the project but its directives, scripts and configuration', async () => {
    inside.write('mission.yaml', '');
    const paths = ['anything.txt', '.ai/scripts/evil.js', 'mission.yaml', '.ai/notes/x.txt'];
    expect(await writable(['write:filesystem'], ...paths)).toEqual(['anything.txt']);
    const notes = ['write:filesystem', 'write:filesystem:.ai/notes/**'];
    expect(await writable(notes, ...paths)).toEqual(['anything.txt', '.ai/notes/x.txt']);
  });

  test('nothing by a scope that leaves the project, by itself or by a link', async () => {
    const target = join(outside.project, 'target');
    mkdirSync(target);
    await run(inside, 'sh', `ln -sfn ${target} way; echo '{}'`, ['write:filesystem']);
    const tags = ['../**', '/etc/**', `${target}/**`, 'way/**'].map(
      (each) => `write:filesystem:${each}`,
    );
    expect(await writable(tags, 'way/x', '/etc/x')).toEqual([]);
    // In its own /tmp it may do as it likes.
    const beside = `../${basename(inside.project)}.x`;
    await writable(tags, `${target}/x`, beside);
    expect(existsSync(join(target, 'x')) || existsSync(join(inside.project, beside))).toBe(false);
    expect(await run(outside, 'js', WRITE, [], { paths: [`${target}/x`] })).toEqual({
      value: [`${target}/x`],
    });
  });

  test('what a deny tag names cannot even be read', async () => {
    inside.write('keys/private.pem', 'x');
    inside.write('open/readme', 'x');
    inside.write('open/id.pem', 'x');
    const paths = ['keys/private.pem', 'open/id.pem', 'open/readme'];
    const tags = ['deny:filesystem:keys/**', 'deny:filesystem:open/*.pem'];
    expect(await run(inside, 'js', READ, tags, { paths })).toEqual({ value: ['open/readme'] });
    expect(await run(inside, 'js', READ, [], { paths })).toEqual({ value: paths });
  });

  test('its own scratch and /tmp; files that it makes belong to the project’s owner', async () => {
    const source = `export TMPFILE="$TMPDIR/x"; echo x > "$TMPFILE" && echo x > /tmp/y && echo x > made.txt && echo '{}'`;
    expect(await run(inside, 'sh', source, ['write:filesystem'])).toEqual({});
    expect(await run(inside, 'sh', 'ls "$MISSION_ARTIFACTS_DIR" && echo {}')).toEqual({});
    expect(existsSync('/tmp/y')).toBe(false);
    expect(statUid(join(inside.project, 'made.txt'))).toBe(statUid(inside.project));
  });
});

whenJailed(`what a jailed script leaves${missing}`, () => {
  /** Starts something that goes on for a minute in a session of its own, twice removed from its parent. */
  const ESCAPE = `setsid sh -c '(setsid sleep 61.${process.pid} &) ; exit 0' </dev/null >/dev/null 2>&1; sleep 0.2; echo '{}'`;
  const alive = () =>
    readTree(1).pids.filter((pid) => text(`/proc/${pid}/cmdline`).includes(`61.${process.pid}`));

  test('nothing that runs, whatever it detaches', async () => {
    expect(await run(outside, 'sh', ESCAPE)).toEqual({});
    const escaped = alive();
    expect(escaped.length).toBeGreaterThan(0);
    for (const pid of escaped) process.kill(pid, 'SIGKILL');
    expect(await run(inside, 'sh', ESCAPE)).toEqual({});
    expect(await until(() => alive().length === 0, 1_000)).toBe(true);
  });

  test.each([
    [
      'js',
      `import { execFileSync } from 'node:child_process';
export default () => { execFileSync('sh', ['-c', ${JSON.stringify(ESCAPE)}]); return process.uptime() };`,
    ],
    [
      'py',
      `import subprocess, time
BEGUN = time.monotonic()
def execute(context, params):
    subprocess.run(["sh", "-c", ${JSON.stringify(ESCAPE)}], check=True)
    return time.monotonic() - BEGUN`,
    ],
  ])('a warm runner with an orphan is replaced: %s', async (ending, source) => {
    const script = inside.script(`orphan.${ending}`, source);
    await inside.run(script);
    expect(await until(() => alive().length === 0, 2_000)).toBe(true);
    const { value } = await inside.run(script);
    expect(value as number).toBeLessThan(5);
  });

  test('runners are shared by calls of one principal with the same grants only', async () => {
    const source = 'let n = 0; export default () => (n += 1);';
    const script = inside.script('counts.js', source);
    const call = async (principal: string, permissions: string[]) =>
      (await inside.run(script, {}, { principal, permissions })).value;
    expect(await call('ada', [])).toBe(1);
    expect(await call('ada', ['write:logs'])).toBe(2);
    expect(await call('bob', [])).toBe(1);
    expect(await call('ada', ['write:filesystem:out/**'])).toBe(1);
    expect(
      (await inside.run(script, {}, { principal: 'ada', permissions: [], fresh: true })).value,
    ).toBe(1);
    expect(await call('ada', [])).toBe(3);
  });
});

whenJailed(`a jailed script that takes too much${missing}`, () => {
  /** Another script answers while it goes on; the slowest answer, in ms. */
  async function meanwhile(attack: Promise<any>): Promise<{ ended: any; slowest: number }> {
    const script = inside.script('ordinary.js', 'export default ({ inputs }) => inputs.n + 1');
    let ended: any;
    let slowest = 0;
    void attack.then((outcome) => (ended = outcome));
    while (ended === undefined) {
      const begun = performance.now();
      expect(await inside.run(script, { n: 1 }, { permissions: [] })).toEqual({ value: 2 });
      slowest = Math.max(slowest, performance.now() - begun);
      await sleep(20);
    }
    return { ended, slowest };
  }

  const attacks: [string, string, string, RegExp][] = [
    [
      'a fork bomb',
      'sh',
      'bomb() { bomb | bomb & }; bomb; sleep 20',
      /ended|stopped|in time|finish/,
    ],
    [
      'a memory bomb of one process',
      'py',
      'def execute(c, p):\n    a = []\n    while True: a.append(bytearray(10_000_000))',
      /MiB of memory, more than 300/,
    ],
    [
      'a memory bomb of many',
      'sh',
      `for i in 1 2 3 4 5 6; do python3 -c 'a = bytearray(90_000_000); import time; time.sleep(20)' & done; wait`,
      /MiB of memory, more than 300/,
    ],
    [
      'a disk filler of many files',
      'sh',
      'i=0; while :; do i=$((i+1)); head -c 8000000 /dev/zero > "$TMPDIR/$i" || exit 1; done',
      /MiB to the disk, more than 64/,
    ],
    ['a disk filler of one', 'sh', 'cat /dev/zero > "$TMPDIR/one"', /SIGXFSZ|File size|too large/],
    ['a filler of /tmp', 'sh', 'cat /dev/zero > /tmp/one', /SIGXFSZ|No space|too large/],
    ['an output flood', 'sh', 'yes', /more than 1024 KiB/],
  ];

  test.each(attacks)('%s is stopped, and others go on', async (_, ending, source, message) => {
    const script = inside.script(`attack_${(count += 1)}.${ending}`, source);
    const options = {
      permissions: [],
      timeoutMs: ending === 'sh' && /bomb/.test(source) ? 1_500 : 10_000,
    };
    const attack = inside.run(script, {}, options).catch((error) => error);
    const { ended, slowest } = await meanwhile(attack);
    expect(ended.message).toMatch(message);
    expect(slowest).toBeLessThan(1_500);
  });

  test('the number of processes is bounded by the kernel', async () => {
    const source = `for i in $(seq 200); do sleep 5 & done; wait; echo '{}'`;
    const { error } = await run(inside, 'sh', source);
    expect(error).toMatch(/Cannot fork|Resource temporarily unavailable/);
  });
});

const whenRoot = way?.kind === 'root' ? test : test.skip;
whenRoot(
  'as root where there are no idmapped mounts, a script has the rights of everybody',
  async () => {
    const plain: JailMethod = { ...way! };
    delete plain.idmap;
    const bench = new Workbench({}, ENVIRONMENT, plain, { processes: 16 });
    chmodSync(bench.project, 0o755);
    mkdirSync(join(bench.project, 'shared'));
    chmodSync(join(bench.project, 'shared'), 0o777);
    mkdirSync(join(bench.project, 'closed'));
    const tags = ['write:filesystem:shared/**', 'write:filesystem:closed/**'];
    const source = `id -u; echo x > shared/a && echo shared; echo x > closed/a || echo closed; echo x > "$TMPDIR/a" && echo '{}'`;
    expect(await run(bench, 'sh', source, tags)).toEqual({});
    const told = bench.logs.filter(({ level }) => level === 'info').map(({ message }) => message);
    expect(told).toEqual([expect.stringMatching(/^[1-9]/), 'shared', 'closed']);
    // At the kernel's bound it may die out before anybody looks.
    const bomb = `bomb() { bomb | bomb & }; bomb; sleep 2; echo '{"bomb": "died out"}'`;
    const { error, bomb: end } = await run(bench, 'sh', bomb);
    expect(end ?? error).toMatch(/^died out$|processes and threads, more than 16/);
    expect(await run(bench, 'sh', `echo '{"after": "it"}'`)).toEqual({ after: 'it' });
    await bench.close();
  },
);

whenJailed(`a jailed script with a network grant${missing}`, () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello'),
      );
    }).listen(0, '127.0.0.1');
    await until(() => server.listening);
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  const FETCH = `export default async ({ inputs }) => { const r = await fetch(inputs.url); return { status: r.status, text: await r.text() } };`;
  const PYTHON = `import urllib.request, urllib.error
def execute(context, params):
    try:
        with urllib.request.urlopen(params["url"]) as r: return {"status": r.status, "text": r.read().decode()}
    except urllib.error.HTTPError as e: return {"status": e.code, "text": e.read().decode()}`;

  test.each([
    ['js', FETCH],
    ['py', PYTHON],
  ])('reaches what its scope names, and nothing else: %s', async (ending, source) => {
    const url = `http://127.0.0.1:${port}/`;
    const granted = [`read:network:127.0.0.1:${port}`];
    expect(await run(inside, ending, source, granted, { url })).toEqual({
      status: 200,
      text: 'hello',
    });
    const refused = ['network:127.0.0.1:1', 'network:example.com', 'network'];
    for (const tag of refused) {
      const answer = await run(inside, ending, source, [`read:${tag}`], { url });
      if (ending === 'py') expect(answer).toMatchObject({ status: 403 });
      else expect(answer['error']).toContain(`\`read:network:127.0.0.1:${port}\``);
    }
    const named = await run(inside, 'py', PYTHON, ['read:network:example.com'], { url });
    expect(named.text).toContain(`127.0.0.1:${port} is not granted`);
    const anywhere = await run(inside, 'py', PYTHON, ['read:network'], { url });
    expect(anywhere.text).toContain('a private address that the permission does not include');
  });

  test('has no other way out than the proxy', async () => {
    const source = `import { connect } from 'node:net';
export default ({ inputs }) => new Promise((done) => connect(inputs.port, '127.0.0.1').on('connect', () => done('open')).on('error', (e) => done(e.code)));`;
    const tags = [`read:network:127.0.0.1:${port}`];
    expect(await run(inside, 'js', source, tags, { port })).toEqual({ value: 'ECONNREFUSED' });
  });
});

function text(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

const statUid = (path: string) => statSync(path).uid;

const findFiles = (folder: string, name: string) =>
  readdirSync(folder, { recursive: true }).some((each) => String(each).endsWith(`/${name}`));
