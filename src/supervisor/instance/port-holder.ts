import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { commandLine } from '../../platform/files/processes.js';

const LISTEN = '0A';

function listeningSockets(port: number): Set<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readText(file).split('\n'));
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const ours = fields.filter((f) => f[1]?.endsWith(suffix) && f[3] === LISTEN);
  return new Set(ours.map((f) => `socket:[${f[9]}]`));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function links(pid: string): string[] {
  try {
    const directory = `/proc/${pid}/fd`;
    return readdirSync(directory).map((fd) => {
      try {
        return readlinkSync(`${directory}/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    return [];
  }
}

function fromProcfs(port: number): number | undefined {
  const sockets = listeningSockets(port);
  if (sockets.size === 0) return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const pid = pids.find((candidate) => links(candidate).some((link) => sockets.has(link)));
  return pid === undefined ? undefined : Number(pid);
}

function fromLsof(port: number): number | undefined {
  try {
    const args = ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'];
    const text = execFileSync('lsof', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(text.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Describes the process that listens on a port, as far as it is visible:
 * `process 12 (node server.js)`, otherwise `another process`.
 */
export function portHolder(port: number): string {
  const pid = process.platform === 'linux' ? fromProcfs(port) : fromLsof(port);
  if (pid === undefined) return 'another process';
  const command = commandLine(pid).slice(0, 120);
  return `process ${pid}${command && ` (${command})`}`;
}
