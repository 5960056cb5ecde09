#!/usr/bin/env bash
# ai 7.0.173 with @ai-sdk/openai-compatible 3.0.92, Node 24: what a model thought comes back to it under another name, and in part not at all.
#
# A server of Chat Completions answers with a tool call and its thoughts in `reasoning` and `reasoning_details`, as vLLM, Groq and OpenRouter
# do. generateText makes the call and asks again. Expected: the assistant's message goes back with the fields that it came with, since
# providers match (or demand) them. Seen: the text of `reasoning` goes back as `reasoning_content`, a field that the server never used, and
# `reasoning_details`, which holds signatures, does not go back at all.
#
# Output seen on 2026-12-01:
#   came:      content,reasoning,reasoning_details,role,tool_calls
#   went back: content,reasoning_content,role,tool_calls
#
# Installs the packages into a temporary folder and talks to a server on loopback only. Exits with 1 if the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --silent ai@7.0.173 @ai-sdk/openai-compatible@3.0.92 zod@4.6.7
cat >run.mjs <<'EOF'
import { createServer } from 'node:http';
import { generateText, isStepCount, jsonSchema, tool } from 'ai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';

const thinking = {
  role: 'assistant',
  content: null,
  reasoning: 'look it up',
  reasoning_details: [{ type: 'reasoning.encrypted', data: 'opaque', id: 'r1', index: 0 }],
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{}' } }],
};
const asked = [];
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  asked.push(JSON.parse(text));
  const isFirst = asked.length === 1;
  const message = isFirst ? thinking : { role: 'assistant', content: 'done' };
  const choice = { index: 0, message, finish_reason: isFirst ? 'tool_calls' : 'stop' };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id: 'a', object: 'chat.completion', created: 1, model: 'm', choices: [choice], usage }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
const schema = jsonSchema({ type: 'object', properties: {} });
await generateText({
  model: createOpenAICompatible({ name: 'local', baseURL })('m'),
  prompt: 'hello',
  tools: { look_up: tool({ description: 'Looks it up.', inputSchema: schema, execute: async () => 'found' }) },
  stopWhen: isStepCount(3),
});
server.close();
const back = asked[1].messages.find(({ role }) => role === 'assistant');
const fields = (message) => Object.keys(JSON.parse(JSON.stringify(message))).sort().join();
console.log(`came:      ${fields(thinking)}`);
console.log(`went back: ${fields(back)}`);
EOF
node run.mjs | tee seen
diff - seen <<'EOF'
came:      content,reasoning,reasoning_details,role,tool_calls
went back: content,reasoning_content,role,tool_calls
EOF
