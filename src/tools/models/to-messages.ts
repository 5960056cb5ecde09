import type { ModelMessage } from 'ai';
import { isObject } from '../../contracts/json.js';
import type { Said } from './model-request.js';

/** A conversation in the SDK's words. */
export const toMessages = (said: readonly Said[]): ModelMessage[] => said.map(toMessage);

function toMessage(each: Said): ModelMessage {
  if (each.role === 'user') return { role: 'user', content: each.text };
  if (each.role === 'tools') {
    const content = each.answers.map(({ id, tool, text, failed }) => ({
      type: 'tool-result' as const,
      toolCallId: id,
      toolName: tool,
      output: { type: failed ? ('error-text' as const) : ('text' as const), value: text },
    }));
    return { role: 'tool', content };
  }
  // Providers refuse a message without anything in it.
  const words = each.text === '' && each.calls.length === 0 ? '(nothing)' : each.text;
  const text = words === '' ? [] : [{ type: 'text' as const, text: words }];
  const calls = each.calls.map((call) => ({
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: call.tool,
    input: isObject(call.arguments) ? call.arguments : {},
  }));
  return { role: 'assistant', content: [...text, ...calls] };
}
