import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from '../../platform/config/config-child-environment.js';
import { type Vector, vectorOf } from './vector.js';

/** Read from the source directory, also when the program runs from `dist`: the build copies no plain files. */
const SCRIPT = join(import.meta.dirname, '../../../src/search/meaning/inside/embed.py');
/** Isolated: neither the user's packages nor variables change what is loaded. */
const FLAGS = ['-I', '-B', '-X', 'utf8'];
const THREADS = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
const MAX_STDERR = 2_000;

export interface EmbedderEvents {
  ready(): void;
  /** `vector` is undefined for an answer that cannot be read. */
  answer(id: number, vector: Vector | undefined): void;
  ended(reason: string): void;
}

/** The process that computes vectors: started, asked, and ended here; who asks what, when, is decided elsewhere. */
export class EmbedderProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private stderr = '';

  constructor(python: string, folder: string, events: EmbedderEvents) {
    const env = childEnvironment(THREADS);
    const args = [...FLAGS, SCRIPT, folder];
    this.child = spawn(python, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-MAX_STDERR);
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => read(line, events));
    let isOver = false;
    const end = (reason: string): void => {
      if (!isOver) events.ended(reason);
      isOver = true;
    };
    this.child.once('error', (error) => end(error.message));
    this.child.once('close', (code, signal) =>
      end(signal ?? this.stderr.trim().split('\n').at(-1) ?? `exit code ${code}`),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  ask(id: number, text: string): void {
    this.child.stdin.write(`${JSON.stringify({ id, text })}\n`);
  }

  /** It keeps nothing that a sudden end could harm. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

function read(line: string, events: EmbedderEvents): void {
  try {
    const { ready, id, vector } = JSON.parse(line) as Record<string, unknown>;
    if (ready === true) return events.ready();
    if (typeof id !== 'number') return;
    events.answer(id, vectorOf(Buffer.from(String(vector), 'base64')));
  } catch {
    // A line of a library that prints where it should not: it answers nothing.
  }
}
