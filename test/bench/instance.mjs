/** A fresh instance of Mission Control for one measurement, and its end. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeProject } from './project.mjs';

const START_MS = 600_000;

/** Starts `mission up` on a home, a project and ports of its own; answers when it is ready. */
export async function startInstance(dist) {
  const directory = mkdtempSync(join(tmpdir(), 'mission-bench-'));
  const [home, project] = [join(directory, 'home'), join(directory, 'project')];
  writeProject(project);
  const up = launch(dist, home, project);
  const stop = async () => {
    if (up.child.exitCode === null) up.child.kill('SIGTERM');
    await up.ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const instance = await ready(up, join(home, 'instance.json'));
    const key = readFileSync(join(home, 'operator.key'), 'utf8').trim();
    return { ...instance, key, home, project, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(dist, home, project) {
  const ports = { PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0' };
  const env = { ...process.env, ...ports, MISSION_HOME: home, MISSION_PROJECT: project };
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'MISSION_CONFIG']) delete env[name];
  // With a channel to us: it ends by itself when we are killed.
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'];
  const args = ['--enable-source-maps', join(dist, 'cli/main.js'), 'up'];
  const child = spawn(process.execPath, args, { env, cwd: project, stdio });
  const up = { child, output: '', ended: new Promise((resolve) => child.once('close', resolve)) };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => (up.output += text));
  }
  return up;
}

async function ready({ child, output }, file) {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null) break;
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  }
  throw new Error(`the instance did not start:\n${output}`);
}
