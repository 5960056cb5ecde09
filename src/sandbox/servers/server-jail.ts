import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { dirname } from 'node:path';
import { childEnvironment } from '../../platform/config/config-child-environment.js';
import { containsPath } from '../../platform/files/contains-path.js';
import { EgressProxy } from '../egress/egress-proxy.js';
import { relayed } from '../egress/relayed.js';
import { readGrants } from '../project/grants.js';
import { GroupReaper } from '../processes/group-reaper.js';
import { Jail, type JailOptions } from '../jail.js';
import type { ProcessGroup } from '../processes/process-group.js';
import { readTree } from '../processes/process-tree.js';
import { ProcessWatch } from '../processes/process-watch.js';
import { Scratch } from '../files/scratch.js';
import { DEFAULT_SCRIPT_LIMITS, type ScriptLimits } from '../processes/script-limits.js';
import { endingText, type ServerProcess, type StdioServer } from './server-process.js';
import { serverProgram } from './server-program.js';
import { readablePathsOf } from './readable-paths.js';

/** The options of all jailed servers. */
export interface ServerJailOptions extends Omit<JailOptions, 'directory' | 'limits'> {
  /** Directory for the jail's own files. */
  scratchRoot: string;
  /** The limits that also apply to the processes of a script's call. */
  bounds?: Partial<ScriptLimits>;
}

const NODE = process.execPath;
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin';
/**
 * Interval of the checks: servers live for days, so that they must cost almost
 * nothing.
 */
const CHECK_MS = 500;

/**
 * Starts MCP servers in the same jail as scripts; the permissions in the
 * operator's file open it.
 */
export class ServerJail {
  private readonly scratch: Scratch;
  private readonly reaper: GroupReaper;
  private readonly egress: EgressProxy;
  private readonly watch: ProcessWatch;
  private readonly jail: Jail;
  private readonly groups = new Set<ProcessGroup>();
  private closing: Promise<void> | undefined;

  constructor(private readonly options: ServerJailOptions) {
    const { scratchRoot, bounds, ...jail } = options;
    this.scratch = new Scratch(scratchRoot);
    const { directory } = this.scratch;
    // A healthy server exceeds every total of processor seconds and written
    // bytes over time.
    const limits = {
      ...DEFAULT_SCRIPT_LIMITS,
      ...bounds,
      cpuSeconds: undefined,
      diskMib: Infinity,
    };
    this.jail = new Jail({ ...jail, directory, limits });
    this.reaper = new GroupReaper(directory);
    this.egress = new EgressProxy(directory);
    this.watch = new ProcessWatch(limits, CHECK_MS);
  }

  /**
   * Starts a server in a jail.
   * @throws Error with the reason, fit for people
   */
  start(server: StdioServer): ServerProcess {
    if (this.closing) throw new Error('the worker is stopping');
    const { cwd, env, permissions = [] } = server;
    const known = childEnvironment();
    const path = `${env['PATH'] ?? known['PATH'] ?? USUAL_PATH}:${dirname(NODE)}`;
    const { argv, visible } = serverProgram(server, this.options.project, path);
    const grants = readGrants(permissions);
    const online = grants.hosts.length > 0 ? relayed(argv, 3) : undefined;
    const seen = readablePathsOf(server, visible, this.options);
    const own = [NODE, ...(online ? [online.visible] : [])].filter(
      (each) => !containsPath('/usr', each),
    );
    const group = this.jail.start(
      {
        argv: online?.argv ?? argv,
        environment: { ...known, HOME: '/tmp', ...online?.variables, ...env, PATH: path },
        stdio: ['pipe', 'pipe', 'pipe'],
        visible: [...seen, ...own],
        cwd,
        grants,
        socket: online && this.egress.socketFor(grants),
      },
      this.reaper,
    );
    return this.guarded(group);
  }

  /**
   * Kills the remaining servers; resolves when they have ended and the jail's
   * files are removed.
   */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    this.watch.close();
    for (const group of this.groups) group.kill();
    await Promise.all([...this.groups].map((group) => group.ended));
    this.egress.close();
    await this.reaper.close();
    await this.scratch.close();
  }

  private guarded(group: ProcessGroup): ServerProcess {
    this.groups.add(group);
    const onExceeded = (what: string) => group.kill(`${what} (scripts.limits in mission.yaml)`);
    const unwatch = this.watch.begin(group.child.pid, true, onExceeded);
    void group.ended.then(() => {
      unwatch();
      this.groups.delete(group);
    });
    return {
      child: group.child as ChildProcessWithoutNullStreams,
      ending: (...how) => endingOf(group, ...how),
      kill: (signal) => (signal === 'SIGKILL' ? group.kill() : terminate(group)),
    };
  }
}

function endingOf(
  group: ProcessGroup,
  ...[code, signal]: Parameters<ServerProcess['ending']>
): string {
  const ending = group.endingOf({ code, signal });
  return ending.why === undefined
    ? endingText(ending.code, ending.signal)
    : `was stopped: ${ending.why}`;
}

/**
 * Sends SIGTERM to all processes but the leader: the leader is bubblewrap,
 * whose end would kill the others before they could clean up.
 */
function terminate({ child }: ProcessGroup): void {
  if (child.pid === undefined) return;
  for (const pid of readTree(child.pid).pids.slice(1)) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // The process has ended.
    }
  }
}
