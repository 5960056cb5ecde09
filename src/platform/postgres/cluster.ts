import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissionError } from '../../contracts/errors.js';
import type { Launcher } from './unprivileged.js';

/**
 * Password and port of a cluster. They are stored inside its data directory, so
 * that they cannot be separated from it.
 */
export interface ClusterSecret {
  password: string;
  /** The port of the last start. */
  port: number;
}

const run = promisify(execFile);
const secretFile = (dataDir: string) => join(dataDir, 'mission.json');
const MAJOR = '18';

/** Reads the password and last port of a cluster. */
export const readSecret = (dataDir: string): ClusterSecret =>
  JSON.parse(readFileSync(secretFile(dataDir), 'utf8')) as ClusterSecret;

/** Stores the port, so that the next start uses the same one. */
export function writeSecret(dataDir: string, secret: ClusterSecret): void {
  const draft = `${secretFile(dataDir)}.new`;
  writeFileSync(draft, JSON.stringify(secret), { mode: 0o600 });
  renameSync(draft, secretFile(dataDir));
}

function size(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

/**
 * Whether a data directory is complete: an interrupted initdb or copy leaves an
 * incomplete one.
 */
const isComplete = (dataDir: string) =>
  ['PG_VERSION', 'global/pg_control', 'postgresql.conf', 'mission.json'].every(
    (file) => size(join(dataDir, file)) > 0,
  );

function checkVersion(dataDir: string): void {
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR) return;
  throw new MissionError(
    'unavailable',
    `${dataDir} was written by Postgres ${version}; this release runs ${MAJOR}. ` +
      'Dump it with the old release and restore it here, or set MISSION_HOME to a new directory.',
  );
}

async function initdb(program: string, dataDir: string, launcher: Launcher): Promise<void> {
  const draft = `${dataDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (launcher.uid !== undefined && launcher.gid !== undefined) {
    for (const path of [draft, passwordFile]) chownSync(path, launcher.uid, launcher.gid);
  }
  const data = join(draft, 'data');
  const settings = [
    '-U',
    'mission',
    '-E',
    'UTF8',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const command = [...launcher.prefix, program, '-D', data, ...settings, ...locale];
  const { uid, gid } = launcher;
  await run(command[0] as string, command.slice(1), { ...(uid !== undefined && { uid, gid }) });
  writeSecret(data, { password, port: 0 });
  renameSync(data, dataDir);
  rmSync(draft, { recursive: true, force: true });
}

/**
 * Changes the owner of the data: root may have run the cluster as another user
 * before.
 */
async function changeOwner(dataDir: string, { uid = 0, gid = 0 }: Launcher): Promise<void> {
  if (process.getuid?.() !== 0 || statSync(dataDir).uid === uid) return;
  await run('chown', ['-R', `${uid}:${gid}`, dataDir]);
}

/** Moves an unusable data directory aside; data is never deleted. */
function moveAside(dataDir: string, say: (line: string) => void): void {
  const aside = `${dataDir}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  renameSync(dataDir, aside);
  say(`The Postgres data directory ${dataDir} was incomplete; it was moved to ${aside}.`);
}

/**
 * Ensures that there is a cluster in `dataDir`. It is created with one rename,
 * so that an incomplete one is never visible.
 * @throws MissionError `unavailable` with the output of initdb
 */
export async function ensureCluster(
  program: string,
  dataDir: string,
  launcher: Launcher,
  say: (line: string) => void,
): Promise<void> {
  if (isComplete(dataDir)) {
    checkVersion(dataDir);
    return changeOwner(dataDir, launcher);
  }
  if (statSync(dataDir, { throwIfNoEntry: false })) moveAside(dataDir, say);
  try {
    await initdb(program, dataDir, launcher);
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new MissionError(
      'unavailable',
      `Postgres could not be set up in ${dataDir}: ${(stderr || message).trim()}`,
      undefined,
      { cause },
    );
  }
}
