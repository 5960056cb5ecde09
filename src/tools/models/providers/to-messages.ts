import type { LanguageModelV4Message } from '@ai-sdk/provider';
import { isObject } from '../../../contracts/json/json.js';
import type { Said, SaidByModel } from '../../../contracts/model.js';

/** Placeholder text: providers refuse a message without content. */
export const NOTHING = '(nothing)';

/** Converts a conversation to the SDK's messages. */
export function toMessages(system: string, said: readonly Said[]): LanguageModelV4Message[] {
  const messages = said.map(toMessage);
  return system === '' ? messages : [{ role: 'system', content: system }, ...messages];
}

function toMessage(each: Said): LanguageModelV4Message {
  if (each.role === 'user') return { role: 'user', content: [{ type: 'text', text: each.text }] };
  if (each.role === 'assistant') return rebuilt(each);
  const content = each.answers.map(({ id, tool, text, failed }) => ({
    type: 'tool-result' as const,
    toolCallId: id,
    toolName: tool,
    output: { type: failed ? ('error-text' as const) : ('text' as const), value: text },
  }));
  return { role: 'tool', content };
}

/**
 * Builds an assistant message from text and calls. Turns stored without their
 * original message have nothing else.
 */
function rebuilt({ text, calls }: SaidByModel): LanguageModelV4Message {
  const words = text === '' && calls.length === 0 ? NOTHING : text;
  const texts = words === '' ? [] : [{ type: 'text' as const, text: words }];
  const wanted = calls.map((call) => ({
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: call.tool,
    input: isObject(call.arguments) ? call.arguments : {},
  }));
  return { role: 'assistant', content: [...texts, ...wanted] };
}
