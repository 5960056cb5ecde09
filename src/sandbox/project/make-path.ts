import {
  closeSync,
  constants,
  fchownSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs';
import { relative, sep } from 'node:path';

import type { PathEntry } from './expand-scope.js';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/**
 * Creates a directory in a project, or a new file with this text, and the
 * missing directories above it. They belong to the project's owner. Every step
 * starts from an open directory: a script that may write there could otherwise
 * put a link in the way of a worker that runs as root.
 * @throws the error of the file system: the file exists already, or a link or a
 * file stands where a directory is needed
 */
export function makePath(project: string, { path, kind }: PathEntry, text = ''): void {
  const own = ownerOf(project);
  const names = relative(project, path).split(sep);
  const file = kind === 'file' ? names.pop() : undefined;
  let at = openSync(project, O_RDONLY | O_DIRECTORY);
  try {
    for (const name of names) {
      const inner = enter(inside(at, name), own);
      closeSync(at);
      at = inner;
    }
    if (file !== undefined) create(inside(at, file), text, own);
  } finally {
    closeSync(at);
  }
}

/**
 * Returns a function that gives a new file to the project's owner. Only root
 * can do that, and not on every file system.
 */
function ownerOf(project: string): (fd: number) => void {
  const { uid, gid } = statSync(project);
  return (fd) => {
    try {
      if (process.getuid?.() === 0) fchownSync(fd, uid, gid);
    } catch {
      // The file then stays with root.
    }
  };
}

const inside = (directory: number, name: string) => `/proc/self/fd/${directory}/${name}`;

function enter(path: string, own: (fd: number) => void): number {
  const isNew = make(path);
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (isNew) own(fd);
  return fd;
}

function make(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function create(path: string, text: string, own: (fd: number) => void): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
  try {
    own(fd);
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}
