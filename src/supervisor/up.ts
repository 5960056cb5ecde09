import { rmSync } from 'node:fs';
import { checkKeyFiles } from '../platform/config/check-key-files.js';
import type { Config } from '../platform/config/config.js';
import { migrate } from '../platform/database/migrate.js';
import { homePaths } from '../platform/files/paths.js';
import { obtainMeaning } from '../platform/meaning/obtain-meaning.js';
import { obtainEngine } from '../platform/temporal/engine.js';
import { announcement, jailRows } from './announcement.js';
import { checkCluster } from './cluster.js';
import { postgresService, temporalService } from './embedded-services.js';
import { openHome } from './instance/home.js';
import { environmentOf, instanceOf, writeInstance, type Cluster } from './instance/instance.js';
import { ProcessMonitor } from './process-monitor.js';
import { keepRotating } from './log-rotation.js';
import { removePids, writePid } from './instance/pid-files.js';
import { apiPort, temporalPort } from './instance/ports.js';
import { programService, type Program } from './program-service.js';
import { PROGRAMS } from './programs.js';
import { untilReady } from './ready.js';
import type { Service } from './service.js';
import { StopRequest } from './stop-request.js';
import { workUnderWay } from './work-under-way.js';

/**
 * A shutdown that takes longer than this prints the steps that it waits for.
 */
const SLOW_STOP_MS = 1_500;

export interface UpOptions {
  /** Replacements for the API and the worker, for tests. */
  programs?: { api: Program; worker: Program };
  say?(line: string): void;
}

/** Starts and stops all processes of one instance. */
class Supervisor {
  /**
   * The monitors in the order of their start; they stop in the reverse order.
   */
  private readonly monitors: ProcessMonitor[] = [];
  private readonly stop = new StopRequest(() => this.killAll());
  private readonly startedAt = Date.now();
  private databaseUrl = '';
  /** The download of the model for search by meaning. */
  private meaning: Promise<void> | undefined;
  private readonly ending = new AbortController();

  constructor(
    private readonly config: Config,
    private readonly programs: { api: Program; worker: Program },
    private readonly say: (line: string) => void,
  ) {}

  /**
   * Runs until it is asked to stop; rejects when a service cannot be kept
   * running.
   */
  async run(): Promise<void> {
    try {
      await this.inHome(async () => {
        await Promise.race([this.stop.requested, this.bringUp().then(() => this.failure())]);
      });
    } finally {
      this.stop.close();
    }
  }

  /**
   * Holds the lock of the directory while `work` runs, and until all services
   * have stopped.
   */
  private async inHome(work: () => Promise<void>): Promise<void> {
    const { home } = this.config;
    const closeHome = openHome(home);
    const endRotation = keepRotating(homePaths(home).logs);
    try {
      await work();
    } finally {
      await this.bringDown();
      endRotation();
      closeHome();
    }
  }

  /** Rejects when a monitor gives up its service. */
  private failure(): Promise<never> {
    return Promise.race(this.monitors.map(({ failed }) => failed));
  }

  private async bringUp(): Promise<void> {
    await checkKeyFiles(this.config);
    const port = await apiPort(this.config);
    const [databaseUrl, cluster] = await Promise.all([this.database(), this.cluster()]);
    this.databaseUrl = databaseUrl;
    const instance = instanceOf(this.config, port, databaseUrl, cluster);
    const environment = environmentOf(this.config, port, instance);
    const { logs } = homePaths(this.config.home);
    await this.monitor(programService(this.programs.worker, logs, environment));
    await this.monitor(programService(this.programs.api, logs, environment));
    await Promise.race([untilReady(instance.api, this.say, this.stop.signal), this.failure()]);
    if (this.stop.signal.aborted) return;
    writeInstance(this.config.home, instance);
    const seconds = (Date.now() - this.startedAt) / 1000;
    const lines = announcement(this.config, instance, seconds, await jailRows(this.config));
    lines.forEach(this.say);
    if (this.config.meaning === 'auto') this.meaning = this.obtainMeaning();
  }

  /** Gets the model for search by meaning, while everything else works already. */
  private async obtainMeaning(): Promise<void> {
    const state = await obtainMeaning({ say: this.say, signal: this.ending.signal });
    if (state.kind === 'ready' || this.ending.signal.aborted) return;
    this.say(`Search is by text only: ${state.reason}. See mission doctor.`);
  }

  /** The URL of a database that is migrated to this release. */
  private async database(): Promise<string> {
    let { databaseUrl = '' } = this.config;
    if (!databaseUrl) {
      await this.monitor(postgresService(this.config, this.say, (url) => (databaseUrl = url)));
    }
    await migrate(databaseUrl);
    return databaseUrl;
  }

  private async cluster(): Promise<Cluster> {
    const { temporal } = this.config;
    if (temporal.address !== undefined) {
      await checkCluster(temporal, this.say);
      return { address: temporal.address, ...(temporal.uiUrl && { uiUrl: temporal.uiUrl }) };
    }
    return this.ownCluster(await obtainEngine({ say: this.say, signal: this.stop.signal }));
  }

  /**
   * A free port may be taken before the server binds it; other ports are then
   * tried.
   */
  private async ownCluster(engine: string, attempts = 3): Promise<Cluster> {
    const { temporal } = this.config;
    const port = await temporalPort('TEMPORAL_PORT', temporal.port, this.say);
    const uiPort = await temporalPort('TEMPORAL_UI_PORT', temporal.uiPort, this.say);
    try {
      await this.monitor(temporalService(this.config, { engine, port, uiPort }));
    } catch (error) {
      if (attempts === 1 || !/address already in use/.test(String(error))) throw error;
      return this.ownCluster(engine, attempts - 1);
    }
    return { address: `127.0.0.1:${port}`, uiUrl: `http://127.0.0.1:${uiPort}` };
  }

  private async monitor(service: Service): Promise<void> {
    this.stop.signal.throwIfAborted();
    const onStart = (pid: number) => writePid(this.config.home, service.name, pid);
    const monitor = new ProcessMonitor(service, { say: this.say, onStart });
    this.monitors.push(monitor);
    await monitor.start();
  }

  private async bringDown(): Promise<void> {
    this.ending.abort();
    if (this.monitors.length > 0)
      this.say('Stopping … (press Ctrl-C again to kill the remaining processes)');
    const soon = setTimeout(() => void this.reportWork(), SLOW_STOP_MS);
    for (const monitor of this.monitors.toReversed()) await monitor.stop();
    clearTimeout(soon);
    await this.meaning;
    if (this.monitors.length > 0) this.say('Stopped.');
    rmSync(homePaths(this.config.home).instance, { force: true });
    removePids(this.config.home);
  }

  /** Prints which steps the shutdown waits for. */
  private async reportWork(): Promise<void> {
    const work = this.databaseUrl && (await workUnderWay(this.databaseUrl));
    if (work)
      this.say(`Waiting up to 30 s for ${work}. Interrupted steps are repeated at the next start.`);
  }

  private killAll(): void {
    this.say('Killing the remaining processes.');
    for (const monitor of this.monitors) monitor.kill();
    process.exit(130);
  }
}

/**
 * Starts all services, keeps them running and, on SIGINT or SIGTERM, ends them
 * in order (workers drain). Resolves after a requested stop.
 * @throws MissionError when a service cannot start, or cannot be kept running;
 * no process is left then
 */
export async function runUp(config: Config, options: UpOptions = {}): Promise<void> {
  const { programs = PROGRAMS, say = (line) => console.log(line) } = options;
  // The reader of the output may close the pipe first; that must not end the
  // supervisor.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  await new Supervisor(config, programs, say).run();
}
