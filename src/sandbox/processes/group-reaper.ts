import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads `+ PID` and `- PID` lines. Its input ends when the worker has ended for
 * whatever reason; it then kills every group still listed and removes the
 * worker's scratch directory ($1).
 */
const WATCH = `
trap '' HUP INT TERM
groups=' '
while read -r op pid; do
  case $op in
    +) groups="$groups$pid " ;;
    -) groups="\${groups%% $pid *} \${groups#* $pid }" ;;
  esac
done
for pid in $groups; do kill -s KILL -- "-$pid" 2>/dev/null; done
rm -rf -- "$1"
`;

/**
 * A small shell process beside the worker that kills the worker's script
 * processes when the worker dies, even by `kill -9`, and even when the scripts
 * are busy or ignore signals. One reaper serves all processes; it starts with
 * the first. A process that left its group (setsid) escapes the reaper: the
 * jail prevents that.
 */
export class GroupReaper {
  private process: ChildProcess | undefined;
  private readonly groups = new Set<number>();
  private closing = false;

  /** @param directory the reaper removes it when the worker ends */
  constructor(private readonly directory: string) {}

  /** Registers a process group: the reaper kills it when this process ends. */
  watch(pid: number): void {
    this.groups.add(pid);
    if (this.process) this.send('+', pid);
    else this.start();
  }

  /** Removes a process group that has ended. */
  forget(pid: number): void {
    this.groups.delete(pid);
    this.send('-', pid);
  }

  /**
   * Ends the reaper, which kills the groups that are left and removes the
   * directory; resolves when that is done.
   */
  async close(): Promise<void> {
    this.closing = true;
    if (!this.process) return;
    const ended = once(this.process, 'exit');
    this.process.stdin?.end();
    await ended;
  }

  private start(): void {
    const child = spawn('/bin/sh', ['-c', WATCH, 'reaper', this.directory], {
      detached: true,
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Starting the reaper can fail for lack of resources. Runners then still
    // end when their pipe closes, and the next `watch` tries again.
    child.on('error', () => undefined);
    if (child.pid === undefined) return;
    this.process = child;
    child.stdin.on('error', () => undefined);
    child.on('exit', () => this.restart(child));
    for (const pid of this.groups) this.send('+', pid);
  }

  private restart(ended: ChildProcess): void {
    if (this.closing || this.process !== ended) return;
    this.process = undefined;
    if (this.groups.size > 0) this.start();
  }

  private send(op: '+' | '-', pid: number): void {
    this.process?.stdin?.write(`${op} ${pid}\n`);
  }
}
