import { readdirSync, readFileSync } from 'node:fs';

/** The resources that a process and all its descendants hold at one moment. */
export interface TreeFacts {
  pids: number[];
  /** Number of processes and threads. */
  tasks: number;
  /** Resident memory that is not backed by a file, in bytes. */
  memory: number;
  /**
   * Bytes written to disks since each process started. The bytes of an ended
   * child count once its parent has waited for it.
   */
  written: number;
}

/**
 * Reads a tree of processes from /proc; the result is empty on systems without
 * /proc.
 * @param most stops after this many tasks: a tree may grow faster than it can
 * be read
 */
export function readTree(root: number, most = 5_000): TreeFacts {
  const facts: TreeFacts = { pids: [], tasks: 0, memory: 0, written: 0 };
  const open = [root];
  while (open.length > 0 && facts.tasks <= most) {
    const pid = open.pop()!;
    const status = text(`/proc/${pid}/status`);
    if (status === '') continue;
    facts.pids.push(pid);
    facts.tasks += field(status, 'Threads');
    facts.memory += (field(status, 'RssAnon') + field(status, 'RssShmem')) * 1024;
    facts.written += field(text(`/proc/${pid}/io`), '\nwrite_bytes');
    open.push(...childrenOf(pid));
  }
  return facts;
}

/**
 * /proc lists a child under the thread that started it, so that all threads are
 * read.
 */
function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const lists = threads.map((thread) => text(`/proc/${pid}/task/${thread}/children`));
    return lists.join(' ').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

const field = (text: string, name: string): number => {
  const at = text.indexOf(`${name}:`);
  return at < 0 ? 0 : Number.parseInt(text.slice(at + name.length + 1), 10) || 0;
};
