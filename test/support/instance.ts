import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient, type Client as Socket } from 'graphql-ws';
import pg from 'pg';
import WebSocket from 'ws';
import type { Instance as Addresses } from '../../src/supervisor/instance/instance.js';
import { processesOf, removeHome } from '../supervisor/up-process.js';
import { once, TEST_DIRECTORY } from './once.js';

export const ROOT = resolve(import.meta.dirname, '../..');
const built = (file: string) => join(ROOT, 'dist', file);

/** Of the processes of an instance. `supervisor` leaves the others to their fate. */
export type ProcessName = 'supervisor' | 'api' | 'worker' | 'temporal' | 'postgres';

/** What `mission` left behind. */
export interface Said {
  exit: number | string;
  out: string;
  err: string;
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const parentOf = (pid: string) =>
  Number(
    text(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);

/** Polls every 25 ms until the answer is truthy; a question that fails is asked again. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  ms = 60_000,
): Promise<NonNullable<T>> {
  let reason: unknown = 'the answer was no';
  for (const end = Date.now() + ms; Date.now() < end; await sleep(25)) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      reason = error;
    }
  }
  throw new Error(`not within ${ms} ms: ${what}`, { cause: reason });
}

/**
 * A whole instance, as a user has it: `mission up` on a directory and a project of its own. All its
 * processes can be found, killed and started again; `remove` leaves nothing behind.
 */
export class Instance {
  addresses!: Addresses;
  supervisor!: ChildProcess;
  /** Everything that the supervisor has said. */
  output = '';
  private readonly sockets: Socket[] = [];
  private pool: pg.Pool | undefined;

  private constructor(
    readonly home: string,
    readonly project: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Files of the project by path, such as `.ai/scripts/x.js`. It is not up yet. */
  static async create(files: Record<string, string>): Promise<Instance> {
    await once('built', async () => {
      const options = { env: { ...process.env, NODE_OPTIONS: '' } };
      await promisify(execFile)(process.execPath, [join(ROOT, 'bin/build.mjs')], options);
      return 'yes';
    });
    const home = mkdtempSync(join(TEST_DIRECTORY, 'home-'));
    const project = join(home, 'project');
    const instance = new Instance(home, project, environmentOf(home, project));
    for (const [path, content] of Object.entries(files)) instance.write(path, content);
    return instance;
  }

  /** Writes a file of the project. */
  write(path: string, content: string): void {
    const file = join(this.project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Sets a variable for what is started from now on. */
  set(variable: string, value: string): void {
    this.environment[variable] = value;
  }

  /** What its processes and its clients are started with. */
  get variables(): NodeJS.ProcessEnv {
    return { ...this.environment };
  }

  /** Brings it up, again if need be; resolves when it says that it is ready. */
  async up(): Promise<this> {
    const before = this.output.length;
    const args = [built('cli/main.js'), 'up'];
    const child = spawn(process.execPath, args, {
      env: this.environment,
      cwd: this.project,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.supervisor = child;
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => (this.output += chunk));
    const isReady = () => this.output.includes('Stop it with Ctrl-C', before);
    await until('it is ready', () => isReady() || hasEnded(child));
    if (!isReady()) throw new Error(this.output.slice(before));
    this.addresses = JSON.parse(text(join(this.home, 'instance.json'))) as Addresses;
    return this;
  }

  /** 0 while the process is not there. */
  pid(name: ProcessName): number {
    if (name === 'supervisor') return this.supervisor.pid as number;
    const program = { api: 'api/main.js', worker: 'workers/main.js' } as Record<string, string>;
    const mark = program[name] ?? join(this.home, name);
    const children = childrenOf(this.supervisor.pid as number);
    return children.find((pid) => text(`/proc/${pid}/cmdline`).includes(mark)) ?? 0;
  }

  /** Resolves when the process is gone. */
  async kill(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = this.pid(name);
    process.kill(pid, signal);
    await until(`${name} is gone`, () => this.pid(name) !== pid);
  }

  /** Every process at once: nobody can save anything, or restart anybody. */
  async killAll(): Promise<void> {
    const pids = [this.supervisor.pid as number, ...this.processes];
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It died with another one.
      }
    }
    await until('all are gone', () => this.processes.length === 0 && hasEnded(this.supervisor));
  }

  /** Asks it to end in order; resolves with the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.supervisor.kill(signal);
    await until('it has ended', () => hasEnded(this.supervisor));
    return this.supervisor.exitCode;
  }

  async remove(): Promise<void> {
    for (const socket of this.sockets) await socket.dispose();
    await this.pool?.end();
    await removeHome(this.home);
  }

  /** Pids of everything that was started for this instance, by whomever. */
  get processes(): number[] {
    return processesOf(this.home);
  }

  /** Those of them, and of what they started, whose command holds a text. */
  find(mark: string): number[] {
    const under = (pid: number): number[] =>
      childrenOf(pid).flatMap((each) => [each, ...under(each)]);
    return under(this.supervisor.pid as number).filter((pid) =>
      text(`/proc/${pid}/cmdline`).includes(mark),
    );
  }

  /** One more worker beside the supervised one. */
  startWorker(): ChildProcess {
    const { database_url: DATABASE_URL, temporal_address: TEMPORAL_ADDRESS } = this.addresses;
    const env = { ...this.environment, DATABASE_URL, TEMPORAL_ADDRESS };
    return spawn(process.execPath, [built('workers/main.js')], { env, stdio: 'ignore' });
  }

  /** True when a worker process has reported in the last second. */
  async workerSeen(pid: number): Promise<boolean> {
    const sql = `SELECT 1 FROM workers WHERE pid = $1 AND seen_at > now() - interval '1 second'`;
    return (await this.query(sql, [pid])).length > 0;
  }

  /** `mission …` in a process of its own, as in the project's directory. */
  async mission(...argv: string[]): Promise<Said> {
    const args = [built('cli/main.js'), ...argv];
    const options = { env: this.environment, cwd: this.project };
    const answer = await promisify(execFile)(process.execPath, args, options).catch((e) => e);
    return { exit: answer.code ?? 0, out: answer.stdout, err: answer.stderr };
  }

  get key(): string {
    return text(join(this.home, 'operator.key')).trim();
  }

  async post(path: string, body: unknown): Promise<{ status: number; body: any }> {
    const response = await fetch(this.addresses.api + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async graphql(query: string, variables?: unknown): Promise<any> {
    const { body } = await this.post('/graphql', { query, variables });
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data;
  }

  /** The events of a subscription; the socket is opened at once. */
  subscribe(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<any> {
    const socket = createClient({
      url: this.addresses.graphql.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.key}` },
    });
    this.sockets.push(socket);
    return socket.iterate({ query, variables }) as AsyncIterableIterator<any>;
  }

  /** Starts a run and does not wait for it. While the API is away it asks again, as a client with a key may. */
  async start(directive: string, inputs = {}, key = crypto.randomUUID()): Promise<string> {
    const wish = { directive_name: directive, inputs, idempotency_key: key };
    const { status, body } = await until('the API accepts', async () => {
      const answer = await this.post('/internal/execute?wait=false', wish);
      return answer.status === 503 ? undefined : answer;
    });
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body.execution_id;
  }

  /** The run's row, once it has ended. */
  async ended(id: string, ms = 60_000): Promise<any> {
    const find = async () => {
      const [run] = await this.query('SELECT * FROM directive_executions WHERE id = $1', [id]);
      return ['success', 'error', 'cancelled'].includes(run?.status) ? run : undefined;
    };
    try {
      return await until(`the run ${id} has ended`, find, ms);
    } catch (error) {
      const sql = `SELECT path, iteration, status, attempt, fence, error, started_at, completed_at
        FROM execution_steps WHERE run_id = $1 ORDER BY seq`;
      throw new Error(`its steps: ${JSON.stringify(await this.query(sql, [id]))}`, {
        cause: error,
      });
    }
  }

  /** Rows, straight from the database. */
  async query(sql: string, parameters: unknown[] = []): Promise<any[]> {
    const connectionString = this.addresses.database_url;
    if (this.pool?.options.connectionString !== connectionString) {
      await this.pool?.end();
      this.pool = new pg.Pool({ connectionString, max: 2, connectionTimeoutMillis: 2_000 });
      this.pool.on('error', () => undefined);
    }
    return (await this.pool.query(sql, parameters)).rows;
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

/** Any free ports, nothing of this process's own configuration. */
function environmentOf(home: string, project: string): NodeJS.ProcessEnv {
  const foreign = /^(NODE_OPTIONS|JEST_|MISSION_|TEMPORAL_|DATABASE_URL|PORT|HOST$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const ports = { PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0' };
  const places = { MISSION_HOME: home, MISSION_PROJECT: project };
  return { ...Object.fromEntries(inherited), ...ports, ...places };
}
