import { existsSync, statSync } from 'node:fs';
import type { Config } from '../../platform/config/config.js';
import { KeyFile } from '../../platform/keys/key-file.js';
import { homePaths } from '../../platform/files/paths.js';
import { error, ok, reason, warning, type Check, type Finding } from './check.js';

/** Permission bits of the group and of others. */
const OTHERS = 0o077;

/** Files on this machine that only their owner may read. */
function filesOf({ home, secrets, temporal }: Config): [name: string, path: string][] {
  const files: [string, string | undefined][] = [
    ['operator.key', homePaths(home).operatorKey],
    ['secrets.keys', secrets.keyFile],
    ['secrets.file', secrets.file],
    ['payload keys', temporal.payloadKeys],
  ];
  return files.filter((file): file is [string, string] => file[1] !== undefined);
}

function permissions([name, path]: [string, string]): Finding[] {
  if (!existsSync(path)) return [];
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS) === 0) return [ok(name, `only the owner can access ${path}`)];
  const hint = `Run chmod go= ${path}, unless the mount restricts access in another way`;
  return [warning(name, `other users can access ${path} (mode ${mode.toString(8)})`, hint)];
}

async function readable(name: string, path: string): Promise<Finding[]> {
  try {
    await new KeyFile(path, '').keys();
    return [];
  } catch (thrown) {
    return [error(name, reason(thrown), 'Write lines id:base64, the current key first')];
  }
}

/**
 * Checks that key files contain keys and that only their owner may read them.
 * Files that the first start creates may be missing.
 */
export const checkKeyFiles: Check = async (config) => {
  const { secrets, temporal } = config;
  const keys: [string, string | undefined][] = [
    ['secrets.keys', existsSync(secrets.keyFile) ? secrets.keyFile : undefined],
    ['payload keys', temporal.payloadKeys],
  ];
  const contents = keys.map(async ([name, path]) =>
    path === undefined ? [] : readable(name, path),
  );
  const missing = secrets.file !== undefined && !existsSync(secrets.file) ? [secrets.file] : [];
  return [
    ...filesOf(config).flatMap(permissions),
    ...(await Promise.all(contents)).flat(),
    ...missing.map((path) =>
      error('secrets.file', `${path} does not exist`, 'Create it, or change mission.yaml'),
    ),
  ];
};
