import type { ThreadView } from '../chat/chat-client.js';
import type { Handler } from '../client/command-spec.js';
import { table } from '../render/table.js';
import { EXIT } from '../terminal/cli-error.js';
import { readCount } from '../terminal/read-count.js';

interface MemoryView {
  upto_seq: number;
  summary: string;
  facts: { kind: string; text: string }[];
}

type Listed = ThreadView & {
  mode: string;
  channel: string | null;
  updated_at: string;
  memory?: MemoryView | null;
};

const HEAD = ['thread', 'directive', 'mode', 'status', 'messages', 'last used'];

/** `mission threads list`. With `--json` one line per thread. */
export const listThreads: Handler = async (session, _args, options) => {
  const limit = readCount('--limit', options['limit'], 20);
  const api = await session.api();
  const { threads } = await api.rest<{ threads: Listed[] }>('GET', `/threads?first=${limit}`);
  if (session.json) threads.forEach((thread) => session.result(thread, String));
  else if (threads.length === 0) session.note('no threads; begin one with mission chat');
  else session.result(threads, () => table(HEAD, threads.map(rowOf), session.columns));
  return EXIT.done;
};

/** `mission threads show ID`: what was said. */
export const showThread: Handler = async (session, [id]) => {
  const api = await session.api();
  const thread = await api.rest<Listed>('GET', pathOf(id!));
  session.result(thread, () => {
    const { thread_id, directive, mode, status, messages = [] } = thread;
    const lines = messages.map(({ role, content, status: state }) => {
      const mark = session.paint('dim', role === 'user' ? '>' : ' ');
      const end = state === 'done' ? '' : session.paint('dim', ` (${state})`);
      return `${mark} ${content}${end}`;
    });
    const remembered = thread.memory ? ['', memoryOf(thread.memory)] : [];
    const head = `${thread_id}  ${directive}  ${mode}  ${status}`;
    return [head, ...remembered, '', ...lines].join('\n');
  });
  return EXIT.done;
};

/** `mission threads undo-compaction ID`. */
export const undoCompaction: Handler = async (session, [id]) => {
  const api = await session.api();
  const undone = await api.rest<{ upto_seq: number }>('POST', `${pathOf(id!)}/undo-compaction`);
  session.result(undone, () => `messages up to ${undone.upto_seq} are read in full again`);
  return EXIT.done;
};

const memoryOf = ({ upto_seq, summary, facts }: MemoryView): string =>
  [
    `condensed up to message ${upto_seq}:`,
    ...summary.split('\n').map((line) => `  ${line}`),
    ...facts.map(({ kind, text }) => `  ${kind}: ${text}`),
  ].join('\n');

const pathOf = (id: string): string => `/threads/${encodeURIComponent(id)}`;

const rowOf = (thread: Listed): string[] => [
  thread.thread_id,
  thread.directive,
  thread.mode,
  thread.status,
  String(thread.messages_count),
  thread.updated_at,
];
