import { realpathSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../platform/config/config.js';
import type { PathEntry } from './project/expand-scope.js';

const PROGRAM = join(import.meta.dirname, '../..');
const FOLDERS = ['.ci', 'bin', 'directives', 'dist', 'node_modules', 'schema', 'src', 'test'];
const FILES = [
  '.dockerignore',
  '.npmrc',
  '.swcrc',
  'Dockerfile',
  'docker-compose.yml',
  'eslint.config.mjs',
  'jest.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/**
 * The files and directories that Mission Control reads when it starts. A
 * program that could write to them could take over the host, so no jail may.
 * The project may be the checkout of Mission Control itself: only its code is
 * then protected, not the whole directory.
 */
export function ownFiles({ project, configFile }: Config): PathEntry[] {
  const config: PathEntry[] = configFile === undefined ? [] : [{ path: configFile, kind: 'file' }];
  if (realpathSync(project) !== realpathSync(PROGRAM))
    return [...config, { path: PROGRAM, kind: 'directory' }];
  const of = (kind: PathEntry['kind']) => (name: string) => ({ path: join(PROGRAM, name), kind });
  return [...config, ...FOLDERS.map(of('directory')), ...FILES.map(of('file'))];
}
