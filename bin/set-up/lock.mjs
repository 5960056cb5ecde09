import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './fail.mjs';
import { inRoot, ROOT } from './root.mjs';

const FILE = inRoot('.set-up.lock');

function holder() {
  try {
    return Number(readFileSync(FILE, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The file appears with its content in one step. */
function take() {
  const own = `${FILE}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid));
    linkSync(own, FILE);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    return fail(
      `Cannot write in ${ROOT}, where dependencies are installed and built: ${error.message}`,
    );
  } finally {
    rmSync(own, { force: true });
  }
}

async function acquire() {
  for (let told = false; !take(); await sleep(200)) {
    const pid = holder();
    if (pid && !isAlive(pid)) rmSync(FILE, { force: true });
    else if (pid && !told) {
      console.error(`Process ${pid} is installing or building here; waiting for it.`);
      told = true;
    }
  }
}

/** Runs `work` while no other process installs or builds in this clone. */
export async function underLock(work) {
  await acquire();
  try {
    return await work();
  } finally {
    rmSync(FILE, { force: true });
  }
}
