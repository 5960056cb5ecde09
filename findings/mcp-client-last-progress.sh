#!/usr/bin/env bash
# @modelcontextprotocol/client 2.4.0, Node 24: progress that arrives together with the result is lost.
#
# A server writes two notifications of progress and then the result of a call, as the protocol has it. Where they come in one read of the
# pipe (a fast tool, a busy client), the client handles the result at once and the notifications a turn later: it has forgotten the token by
# then. Expected: onprogress is called for both, before the result. Seen: it is never called, and onerror tells of an unknown token, twice.
# The same three lines, written 200 ms apart, arrive as expected. A server made with @modelcontextprotocol/server 2.4.0 loses its last
# progress in the same way, in some runs and not in others.
#
# Output seen on 2026-12-01:
#   apart: progress 1,2 result done errors 0
#   together: progress none result done errors 2
#
# Installs the package into a temporary folder; traffic goes through a pipe only. Exits with 1 if the behaviour changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --silent @modelcontextprotocol/client@2.4.0
cat >server.mjs <<'EOF'
import { createInterface } from 'node:readline';

const gapMs = Number(process.argv[2]);
const line = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const initialized = (protocolVersion) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } });
const progress = (progressToken, done) => line({ method: 'notifications/progress', params: { progressToken, progress: done, total: 2 } });
createInterface({ input: process.stdin }).on('line', async (text) => {
  const { id, method, params } = JSON.parse(text);
  if (method === 'initialize') process.stdout.write(line({ id, result: initialized(params.protocolVersion) }));
  if (method !== 'tools/call') return;
  const token = params._meta.progressToken;
  const lines = [progress(token, 1), progress(token, 2), line({ id, result: { content: [{ type: 'text', text: 'done' }] } })];
  if (gapMs === 0) return process.stdout.write(lines.join(''));
  for (const each of lines) {
    process.stdout.write(each);
    await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
});
EOF
cat >client.mjs <<'EOF'
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

for (const [how, gapMs] of [['apart', '200'], ['together', '0']]) {
  const client = new Client({ name: 'c', version: '1.0.0' });
  let errors = 0;
  client.onerror = () => (errors += 1);
  await client.connect(new StdioClientTransport({ command: process.execPath, args: ['server.mjs', gapMs] }));
  const seen = [];
  const onprogress = ({ progress }) => seen.push(progress);
  const { content } = await client.callTool({ name: 'work' }, { onprogress });
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(`${how}: progress ${seen.join() || 'none'} result ${content[0].text} errors ${errors}`);
  await client.close();
}
EOF
node client.mjs | tee seen
diff - seen <<'EOF'
apart: progress 1,2 result done errors 0
together: progress none result done errors 2
EOF
