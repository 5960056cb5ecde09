import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../api/support.js';
import { insertMessage, insertThread } from '../../threads/support.js';
import { mission as call } from '../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(['threads', ...argv], { MISSION_URL: api.url, MISSION_API_KEY: api.key });

test('a conversation is shown with what it has condensed, which can be taken back', async () => {
  expect((await mission('list')).err).toContain('no threads; begin one with mission chat');
  const id = await insertThread(api.dataSource, { owner: 'operator', participants: '{operator}' });
  await insertMessage(api.dataSource, id, { content: 'what is there?', status: 'done' });
  await api.dataSource.query(
    `INSERT INTO thread_memories (id, thread_id, upto_seq, status, summary, facts)
     VALUES ($1, $2, 1, 'ready', 'They asked.', '[{"kind": "fact", "text": "There is much.", "message_ids": ["m"]}]')`,
    [randomUUID(), id],
  );
  const shown = (await mission('show', id)).out;
  expect(shown).toContain('condensed up to message 1:\n  They asked.\n  fact: There is much.');
  expect(shown).toContain('> what is there?');
  expect((await mission('undo-compaction', id)).out).toContain(
    'messages up to 1 are read in full again',
  );
  expect((await mission('show', id)).out).not.toContain('condensed');
  const again = await mission('undo-compaction', id);
  expect(again.exit).not.toBe(0);
  expect(again.err).toContain('Nothing of this thread was condensed');
  expect((await mission('list')).out).toContain(id);
});

test('the doors know the strategies and whose thread it is', async () => {
  const refused = await api.post('/threads', { memory: 'everything' });
  expect(refused.status).toBe(400);
  expect(refused.body.error.message).toContain('hierarchical');
  const id = await insertThread(api.dataSource);
  expect((await api.post(`/threads/${id}/undo-compaction`, {})).status).toBe(404);
  const { errors } = await api.graphql(`mutation { undoCompaction(threadId: "${id}") }`);
  expect(errors![0].extensions.code).toBe('not_found');
});
