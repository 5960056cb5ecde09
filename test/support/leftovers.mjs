import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const pidIn = (file) => (existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0);

/**
 * A pid may have been reused: only a process whose command contains the
 * directory belongs to the run.
 */
const isOurs = (pid, directory) =>
  alive(pid) &&
  (process.platform !== 'linux' ||
    (existsSync(`/proc/${pid}/cmdline`) &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory)));

async function end(pid, directory, signal) {
  if (!pid || !isOurs(pid, directory)) return;
  process.kill(pid, signal);
  for (let i = 0; i < 200 && isOurs(pid, directory); i += 1) await sleep(25);
  if (isOurs(pid, directory)) process.kill(pid, 'SIGKILL');
}

/** Ends the servers of a test run and removes its directory. */
export async function removeTestDirectory(directory) {
  await end(pidIn(join(directory, 'temporal.pid')), directory, 'SIGKILL');
  await end(pidIn(join(directory, 'postgres', 'postmaster.pid')), directory, 'SIGQUIT');
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes the directories and servers of test runs that were killed. */
export async function sweep(parent, entries) {
  for (const entry of entries) {
    const [, pid] = /^mission-test-(\d+)$/.exec(entry) ?? [];
    if (pid && !alive(Number(pid))) await removeTestDirectory(join(parent, entry));
  }
}
