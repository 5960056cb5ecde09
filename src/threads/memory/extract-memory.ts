import type { MemoryFact } from '../../contracts/thread.js';
import type { Memory } from './memory.js';

/** A message to be condensed. */
export interface SaidMessage {
  id: string;
  role: string;
  content: string;
}

/** A run that was started in the conversation. */
export interface StartedRun {
  directive: string;
  status: string;
  inputs: object;
  /** The message that asked for it. */
  message_id: string;
}

const MAX_ASKED = 80;
const MAX_INPUTS = 200;
const MAX_LINES = 30;

/**
 * A memory that is made without a model: what was asked, and what was run with
 * which inputs and which end. It says nothing that is not in the rows.
 */
export function extractMemory(
  before: Memory | undefined,
  messages: readonly SaidMessage[],
  runs: readonly StartedRun[],
): Memory {
  const asked = messages.filter(({ role }) => role === 'user');
  const lines = asked.map(({ content }) => `asked: ${firstOf(content)}`);
  const summary = [before?.summary ?? '', ...lines].filter(Boolean).join('\n');
  const facts: MemoryFact[] = runs.map(({ directive, status, inputs, message_id }) => ({
    kind: 'fact',
    text: `${directive} ran with ${JSON.stringify(inputs).slice(0, MAX_INPUTS)}: ${status}`,
    message_ids: [message_id],
  }));
  return {
    summary: summary.split('\n').slice(-MAX_LINES).join('\n'),
    facts: [...(before?.facts ?? []), ...facts].slice(-MAX_LINES),
  };
}

function firstOf(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length <= MAX_ASKED ? line : `${line.slice(0, MAX_ASKED)}…`;
}
