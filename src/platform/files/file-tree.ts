import { type Dirent, readdirSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FileProblem } from '../../contracts/catalog.js';

/** A text file with its content. */
export interface TextFile {
  /** Absolute path. */
  file: string;
  text: string;
}

interface Cached {
  stamp: string;
  file: TextFile;
}

/** The result of a read. */
export interface Files {
  /** Files in the order of their paths. */
  files: readonly TextFile[];
  problems: readonly FileProblem[];
}

const MAX_FILE_BYTES = 256 * 1024;
const MAX_FILES = 10_000;
const STAT_BATCH = 64;
/**
 * Up to this number of files, synchronous reads are faster than the thread
 * pool.
 */
const MAX_SYNC_FILES = 100;

/**
 * The text files below a directory, cached in memory. A read costs one `stat`
 * per file and the text of changed ones; an unchanged file, and an unchanged
 * tree without problems, is returned as the same object. A missing directory
 * counts as empty. Problems are files over 256 KiB, unreadable ones, those that
 * are not UTF-8, and those beyond 10,000.
 */
export class FileTree {
  private cache = new Map<string, Cached>();
  private last: Files = { files: [], problems: [] };
  private many = true;

  constructor(
    private readonly root: string,
    private readonly extensions: readonly string[],
  ) {}

  async read(): Promise<Files> {
    const problems: FileProblem[] = [];
    const paths = await this.list(problems);
    const fresh = new Map<string, Cached>();
    for (let at = 0; at < paths.length; at += STAT_BATCH) {
      const batch = paths.slice(at, at + STAT_BATCH);
      const found = await Promise.all(batch.map((file) => this.load(file, problems)));
      batch.forEach((file, i) => found[i] && fresh.set(file, found[i]));
    }
    this.cache = fresh;
    this.many = paths.length > MAX_SYNC_FILES;
    return this.keep(
      [...fresh.values()].map(({ file }) => file),
      problems,
    );
  }

  private keep(files: TextFile[], problems: FileProblem[]): Files {
    const { last } = this;
    const quiet = problems.length + last.problems.length === 0;
    const same =
      files.length === last.files.length && files.every((file, at) => file === last.files[at]);
    return quiet && same ? last : (this.last = { files, problems });
  }

  private async list(problems: FileProblem[]): Promise<string[]> {
    const entries = await this.entries().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') problems.push(unreadable(this.root, error));
      return [];
    });
    const paths = entries
      .filter(
        (entry) =>
          !entry.isDirectory() && this.extensions.includes(extname(entry.name).toLowerCase()),
      )
      .filter(({ name }) => !isTest(name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (paths.length > MAX_FILES) problems.push(tooMany(this.root, paths.length));
    return paths.slice(0, MAX_FILES);
  }

  private async entries(): Promise<Dirent[]> {
    const options = { recursive: true, withFileTypes: true } as const;
    return this.many ? readdir(this.root, options) : readdirSync(this.root, options);
  }

  private async load(file: string, problems: FileProblem[]): Promise<Cached | undefined> {
    try {
      const { size, mtimeMs, ctimeMs, ino } = this.many ? await stat(file) : statSync(file);
      if (size > MAX_FILE_BYTES) return void problems.push(tooLarge(file, size));
      const stamp = `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
      const known = this.cache.get(file);
      if (known?.stamp === stamp) return known;
      return { stamp, file: { file, text: UTF8.decode(await readFile(file)) } };
    } catch (error) {
      return void problems.push(unreadable(file, error as Error));
    }
  }
}

/** Test files may be in the same directory as directives. */
const isTest = (name: string): boolean => /\.test\.[a-z]+$/i.test(name);

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function unreadable(file: string, error: Error): FileProblem {
  const { code } = error as NodeJS.ErrnoException;
  const isText = code !== 'ERR_ENCODING_INVALID_ENCODED_DATA';
  const message = isText
    ? `cannot be read: ${error.message}`
    : 'is not UTF-8 text; save it as UTF-8';
  return { file, message };
}

const tooLarge = (file: string, bytes: number): FileProblem => ({
  file,
  message: `has ${bytes} bytes; the limit for a directive is ${MAX_FILE_BYTES}. Split it`,
});

const tooMany = (file: string, count: number): FileProblem => ({
  file,
  message: `contains ${count} files; only the first ${MAX_FILES} are read`,
});
