import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { ARTIFACT_LIMITS, type Artifact } from '../../../contracts/artifact.js';
import { MissionError } from '../../../contracts/errors.js';
import type { SharedFolder } from '../../../contracts/script.js';
import { OpenDirectory } from '../../../sandbox/files/safe-tree.js';

/** The storage of file contents, by hash. */
export interface Contents {
  read(hash: string): AsyncIterable<Buffer>;
  put(hash: string, bytes: number, read: () => AsyncIterable<Buffer>): Promise<void>;
}

/** The entries that a call left in its folder. */
export interface Found {
  files: Artifact[];
  /**
   * Paths of links, pipes and other entries that are not regular files; they
   * are not stored.
   */
  leftOut: string[];
}

const MAX_DEPTH = 16;

/** Writes files into an empty folder. */
export async function fillFolder(
  folder: SharedFolder,
  files: readonly Artifact[],
  contents: Contents,
): Promise<void> {
  const root = await OpenDirectory.open(folder.path);
  try {
    for (const file of files) await putFile(root, file, contents, folder.owner);
  } finally {
    await root.close();
  }
}

async function putFile(
  root: OpenDirectory,
  { path, hash }: Artifact,
  contents: Contents,
  owner: number | undefined,
): Promise<void> {
  const names = path.split('/');
  const opened: OpenDirectory[] = [];
  try {
    let at = root;
    for (const name of names.slice(0, -1)) {
      at = await at.made(name, owner);
      opened.push(at);
    }
    const file = await at.create(names.at(-1)!, owner);
    try {
      for await (const piece of contents.read(hash)) await file.write(piece);
    } finally {
      await file.close();
    }
  } finally {
    for (const directory of opened) await directory.close();
  }
}

/**
 * Stores the files of a folder and lists them. Files are read through open
 * directories, so that entries which the script replaces at the same time lead
 * nowhere.
 * @param known hashes of contents that are stored already
 * @throws MissionError `output_invalid` for a file that is too large, too many
 * files, or a path that is too long
 */
export async function readFolder(
  folder: SharedFolder,
  known: ReadonlySet<string>,
  contents: Contents,
): Promise<Found> {
  const found: Found = { files: [], leftOut: [] };
  const put: Put = async (hash, bytes, read) => {
    if (!known.has(hash)) await contents.put(hash, bytes, read);
  };
  try {
    const root = await OpenDirectory.open(folder.path);
    await readInto(found, root, '', put).finally(() => root.close());
    return found;
  } catch (error) {
    // The script moved, closed or replaced an entry: this is the script's
    // failure, not an internal one.
    throw isOfFiles(error) ? tooMuch(error.message) : error;
  }
}

const isOfFiles = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'path' in error;

type Put = Contents['put'];

async function readInto(
  found: Found,
  directory: OpenDirectory,
  prefix: string,
  put: Put,
): Promise<void> {
  for (const { name, isDirectory } of await directory.entries()) {
    const path = `${prefix}${name}`;
    if (path.length > ARTIFACT_LIMITS.pathLength || path.split('/').length > MAX_DEPTH) {
      throw tooMuch(`the path ${path.slice(0, 80)}… is too long or too deep`);
    }
    if (isDirectory) {
      const inner = await directory.enter(name);
      await readInto(found, inner, `${path}/`, put).finally(() => inner.close());
    } else await readFile(found, directory, name, path, put);
  }
}

async function readFile(
  found: Found,
  directory: OpenDirectory,
  name: string,
  path: string,
  put: Put,
): Promise<void> {
  const file = await directory.file(name).catch(() => undefined);
  try {
    const stat = await file?.stat();
    if (!file || !stat?.isFile()) return void found.leftOut.push(path);
    if (stat.size > ARTIFACT_LIMITS.fileBytes)
      throw tooMuch(`${path} has ${stat.size} bytes, more than ${ARTIFACT_LIMITS.fileBytes}`);
    if (found.files.length >= ARTIFACT_LIMITS.files)
      throw tooMuch(`it has more than ${ARTIFACT_LIMITS.files} files`);
    const { size: bytes } = stat;
    const hash = await hashOf(file, bytes);
    await put(hash, bytes, () => checked(file, bytes, hash, path));
    found.files.push({ path, hash, bytes });
  } finally {
    await file?.close();
  }
}

/**
 * Reads as many bytes as the file had when it was inspected: what is appended
 * later is ignored.
 */
async function* piecesOf(file: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(256 * 1024);
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, bytes - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield Buffer.from(piece.subarray(0, bytesRead));
  }
}

async function hashOf(file: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(file, bytes)) hash.update(piece);
  return hash.digest('hex');
}

/**
 * Fails at the end when the content does not match its hash, so that nothing is
 * stored under a wrong hash.
 */
async function* checked(
  file: FileHandle,
  bytes: number,
  wanted: string,
  path: string,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(file, bytes)) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== wanted)
    throw tooMuch(`${path} was written to after the script had ended`);
}

const tooMuch = (what: string) =>
  new MissionError(
    'output_invalid',
    `The artifacts of the step cannot be stored: ${what}.`,
    undefined,
    {
      retryable: false,
    },
  );
