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

/**
 * A process of an instance. Killing `supervisor` leaves the others to end by
 * themselves.
 */
export type ProcessName = 'supervisor' | 'api' | 'worker' | 'temporal' | 'postgres';

/** The result of a `mission` command. */
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

/**
 * Polls every 25 ms until the result is truthy; after an error it polls again.
 */
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
 * A whole instance, as a user has it: `mission up` with its own directory and
 * project. Each process can be found, killed and started again; `remove` ends
 * all of them and deletes the files.
 */
export class Instance {
  addresses!: Addresses;
  supervisor!: ChildProcess;
  /** The complete output of the supervisor. */
  output = '';
  private readonly sockets: Socket[] = [];
  private pool: pg.Pool | undefined;

  private constructor(
    readonly home: string,
    readonly project: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Creates an instance without starting it.
   * @param files contents of the project's files by path, such as
   * `.ai/scripts/x.js`
   */
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

  /** Sets a variable for processes that are started later. */
  set(variable: string, value: string): void {
    this.environment[variable] = value;
  }

  /** The environment of the instance's processes and clients. */
  get variables(): NodeJS.ProcessEnv {
    return { ...this.environment };
  }

  /**
   * Starts the instance, also after a stop; resolves when it reports that it is
   * ready.
   */
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

  /** The process ID; 0 while the process is not running. */
  pid(name: ProcessName): number {
    if (name === 'supervisor') return this.supervisor.pid as number;
    const program = { api: 'api/main.js', worker: 'workers/main.js' } as Record<string, string>;
    const mark = program[name] ?? join(this.home, name);
    const children = childrenOf(this.supervisor.pid as number);
    return children.find((pid) => text(`/proc/${pid}/cmdline`).includes(mark)) ?? 0;
  }

  /** Sends a signal; resolves when the process has ended. */
  async kill(name: ProcessName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = this.pid(name);
    process.kill(pid, signal);
    await until(`${name} is gone`, () => this.pid(name) !== pid);
  }

  /**
   * Kills all processes at once, so that none can save data or restart another.
   */
  async killAll(): Promise<void> {
    const pids = [this.supervisor.pid as number, ...this.processes];
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // The process ended together with another one.
      }
    }
    await until('all are gone', () => this.processes.length === 0 && hasEnded(this.supervisor));
  }

  /** Stops the supervisor gracefully; resolves with its exit code. */
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

  /** Process IDs of all processes of this instance, whoever started them. */
  get processes(): number[] {
    return processesOf(this.home);
  }

  /**
   * Process IDs of the supervisor's descendants whose command contains a text.
   */
  find(mark: string): number[] {
    const under = (pid: number): number[] =>
      childrenOf(pid).flatMap((each) => [each, ...under(each)]);
    return under(this.supervisor.pid as number).filter((pid) =>
      text(`/proc/${pid}/cmdline`).includes(mark),
    );
  }

  /** Starts one more worker beside the supervised one. */
  startWorker(): ChildProcess {
    const { database_url: DATABASE_URL, temporal_address: TEMPORAL_ADDRESS } = this.addresses;
    const env = { ...this.environment, DATABASE_URL, TEMPORAL_ADDRESS };
    return spawn(process.execPath, [built('workers/main.js')], { env, stdio: 'ignore' });
  }

  /** True when the worker process has reported within the last second. */
  async workerSeen(pid: number): Promise<boolean> {
    const sql = `SELECT 1 FROM workers WHERE pid = $1 AND seen_at > now() - interval '1 second'`;
    return (await this.query(sql, [pid])).length > 0;
  }

  /** Runs `mission …` in its own process, in the project's directory. */
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

  /** Iterates the events of a subscription; the socket is opened at once. */
  subscribe(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<any> {
    const socket = createClient({
      url: this.addresses.graphql.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.key}` },
    });
    this.sockets.push(socket);
    return socket.iterate({ query, variables }) as AsyncIterableIterator<any>;
  }

  /**
   * Starts a run without waiting for its end. While the API is unavailable it
   * retries, which is safe because of the idempotency key.
   */
  async start(directive: string, inputs = {}, key = crypto.randomUUID()): Promise<string> {
    const request = { directive_name: directive, inputs, idempotency_key: key };
    const { status, body } = await until('the API accepts', async () => {
      const answer = await this.post('/internal/execute?wait=false', request);
      return answer.status === 503 ? undefined : answer;
    });
    if (status !== 202) throw new Error(JSON.stringify(body));
    return body.execution_id;
  }

  /** Waits for the end of a run and returns its row. */
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

  /** Queries the database directly. */
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

/**
 * The environment of an instance: any free ports, and no configuration of this
 * process.
 */
function environmentOf(home: string, project: string): NodeJS.ProcessEnv {
  const foreign = /^(NODE_OPTIONS|JEST_|MISSION_|TEMPORAL_|DATABASE_URL|PORT|HOST$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const ports = { PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0' };
  const places = { MISSION_HOME: home, MISSION_PROJECT: project, MISSION_MEANING: 'off' };
  return { ...Object.fromEntries(inherited), ...ports, ...places };
}
