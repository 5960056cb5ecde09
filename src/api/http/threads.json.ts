import type { ThreadMemoryRow } from '../../platform/database/entities/threads/thread-memory.row.js';
import type { ThreadMessageRow } from '../../platform/database/entities/threads/thread-message.row.js';
import type { ThreadRow } from '../../platform/database/entities/threads/thread.row.js';
import type { ThreadAnswer } from '../../threads/thread-answers.js';
import type { PostedMessage } from '../../threads/thread-messages.js';

export const toThreadJson = (row: ThreadRow) => ({
  thread_id: row.id,
  directive: row.directive_name,
  directive_version: row.directive_version,
  mode: row.mode,
  channel: row.channel,
  project_path: row.project_path,
  platform: row.platform,
  owner: row.owner,
  status: row.status,
  on_busy: row.on_busy,
  memory_strategy: row.memory,
  messages_count: row.message_seq,
  last_event_id: row.event_seq,
  forked_from: row.forked_from,
  created_at: row.created_at,
  updated_at: row.updated_at,
});

export const toMessageJson = (row: ThreadMessageRow) => ({
  message_id: row.id,
  seq: row.seq,
  role: row.role,
  content: row.content,
  speaker: row.speaker,
  status: row.status,
  execution_id: row.run_id,
  reply_to: row.reply_to,
  tokens_used: row.tokens,
  cost_usd: row.cost_usd,
  duration_ms: row.duration_ms,
  error: row.error,
  created_at: row.created_at,
});

/** The answer to a message, with its text at the top as well, where remote clients read it. */
export function toAnswerJson(posted: PostedMessage, answer: ThreadAnswer | null) {
  const { thread_id, message_id } = posted;
  if (!answer) {
    const data = { thread_id, message_id, status: 'running' };
    return {
      success: true,
      response: '',
      data,
      error: null,
      metadata: { tokens_used: 0, duration_ms: 0 },
    };
  }
  const { status, content, execution_id, error, tokens_used, duration_ms } = answer;
  return {
    success: status === 'done',
    response: content,
    data: { thread_id, message_id, execution_id, status, response: content },
    error: error?.message ?? (status === 'done' ? null : `The answer was ${status}.`),
    metadata: { tokens_used, duration_ms },
  };
}

/** The JSON of what a thread remembers. */
export const toMemoryJson = (row: ThreadMemoryRow) => ({
  upto_seq: row.upto_seq,
  summary: row.summary,
  facts: row.facts,
  run_id: row.run_id,
  created_at: row.created_at,
});
