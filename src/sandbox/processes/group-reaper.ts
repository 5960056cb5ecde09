import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Reads `+ PID` and `- PID` lines. When its input ends, the worker is gone, however it went: every
 * group still listed is killed and the worker's scratch directory ($1) removed.
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
 * A small shell process beside the worker that kills the worker's script processes after it died,
 * even by `kill -9`, and even when they are busy or ignore signals. One for all of them; started
 * with the first. A process that left its group (setsid) escapes it: that is the jail's to prevent.
 */
export class GroupReaper {
  private process: ChildProcess | undefined;
  private readonly groups = new Set<number>();
  private closing = false;

  /** @param directory removed when the worker ends */
  constructor(private readonly directory: string) {}

  /** From now on the group dies with this process. */
  watch(pid: number): void {
    this.groups.add(pid);
    if (this.process) this.tell('+', pid);
    else this.start();
  }

  /** The group has ended. */
  forget(pid: number): void {
    this.groups.delete(pid);
    this.tell('-', pid);
  }

  /** Ends the reaper, which kills what is left and removes the directory; resolves when that is done. */
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
    // Without it (no process could be made) runners still end when their pipe does; the next watch tries again.
    child.on('error', () => undefined);
    if (child.pid === undefined) return;
    this.process = child;
    child.stdin.on('error', () => undefined);
    child.on('exit', () => this.restart(child));
    for (const pid of this.groups) this.tell('+', pid);
  }

  private restart(ended: ChildProcess): void {
    if (this.closing || this.process !== ended) return;
    this.process = undefined;
    if (this.groups.size > 0) this.start();
  }

  private tell(op: '+' | '-', pid: number): void {
    this.process?.stdin?.write(`${op} ${pid}\n`);
  }
}
