const HISTORY = /<chat_history>([\s\S]*?)<\/chat_history>/i;
const MAX_TITLE = 60;

/**
 * The answer to a hidden request of a chat client: for a title, tags or follow-up questions of a conversation. Such a
 * request must open no conversation and start nothing. Undefined for what a person wrote.
 */
export function helperAnswer(message: string): string | undefined {
  if (!message.trimStart().startsWith('### Task:')) return undefined;
  const [, history] = HISTORY.exec(message) ?? [];
  if (history === undefined) return undefined;
  if (/follow[-_ ]?up/i.test(message)) return JSON.stringify({ follow_ups: [] });
  if (/\btags?\b/i.test(message)) return JSON.stringify({ tags: ['General'] });
  if (/\btitle\b/i.test(message)) return JSON.stringify({ title: titleOf(history) });
  return JSON.stringify({ queries: [], text: '' });
}

function titleOf(history: string): string {
  const [, first = ''] = /^\s*(?:USER|user|User):\s*(.+)$/m.exec(history) ?? [];
  const text = first.trim().replace(/\s+/g, ' ');
  if (text === '') return 'Conversation';
  return text.length <= MAX_TITLE ? text : `${text.slice(0, MAX_TITLE - 1)}…`;
}
