import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../../src/contracts/json/json.js';
import { OpenRequests } from '../../../../src/tools/mcp/wire/open-requests.js';
import { unwrapResult } from '../../../../src/tools/mcp/wire/raw-result.js';
import { readLine } from '../../../../src/tools/mcp/wire/server-line.js';

function asked(...methods: string[]): OpenRequests {
  const open = new OpenRequests();
  methods.forEach((method, id) => open.sent({ jsonrpc: '2.0', id, method }));
  return open;
}

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

test('whatever a result is, it arrives as it was sent, and answers once', () => {
  const around = fc.constantFrom<[string, string]>(['', ''], ['> ', ''], ['Loading{"a', '"} ok']);
  fc.assert(
    fc.property(json, around, (result, [before, after]) => {
      const open = asked('tools/call');
      const line = `${before}${JSON.stringify({ jsonrpc: '2.0', id: 0, result })}${after}`;
      const { messages } = readLine(line, open);
      const message = messages[0] as unknown as { id: number; result: JsonObject };
      expect([messages.length, message.id]).toEqual([1, 0]);
      expect(unwrapResult(message.result)).toEqual(JSON.parse(JSON.stringify(result)));
      expect(readLine(line, open).messages).toEqual([]);
    }),
  );
});

test('no line breaks the reader, and none is a request of ours', () => {
  const fields = fc.record(
    {
      jsonrpc: fc.constant('2.0'),
      id: json,
      method: json,
      result: json,
      error: json,
      params: json,
    },
    { requiredKeys: [] },
  );
  const lines = fc.oneof(
    fc.string(),
    json.map((value) => JSON.stringify(value)),
    fields.map((value) => JSON.stringify(value)),
    fields.map((value) => JSON.stringify(value).slice(0, -2)),
  );
  fc.assert(
    fc.property(lines, (line) => {
      for (const message of readLine(line, asked('ping')).messages) {
        expect(message.jsonrpc).toBe('2.0');
        if ('method' in message) expect(typeof message.method).toBe('string');
        else expect(message.id).toBe(0);
      }
    }),
  );
});

test.each<[string, number, boolean, string | undefined]>([
  ['Starting', 0, true, undefined],
  ['', 0, false, undefined],
  ['{"level":30,"msg":"ready"}', 0, true, undefined],
  ['{"id":0,"error":"x","msg":"a log entry"}', 0, true, undefined],
  ['{"jsonrpc":"2.0","id":9,"result":{}}', 0, true, undefined],
  ['[{"jsonrpc":"2.0","id":0,"result":{}}]', 1, false, undefined],
  ['{"jsonrpc":"2.0","method":"x","params":[]}', 1, false, undefined],
  ['sent {"jsonrpc":"2.0","id":0,"method":"ping"}', 0, true, undefined],
  ['{"jsonrpc":"2.0","id":0,"result":{', 0, true, 'tools/call'],
  ['{"jsonrpc":"2.0","id":7,"result":{', 0, true, undefined],
  ['sent {"jsonrpc":"2.0","id":0,"method":"pi', 0, true, undefined],
])('the line %s is read', (line, messages, odd, unanswered) => {
  const read = readLine(line, asked('tools/call', 'ping'));
  expect([read.messages.length, read.odd]).toEqual([messages, odd]);
  expect(read.unanswered?.request.method).toBe(unanswered);
});
