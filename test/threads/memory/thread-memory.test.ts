import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { finishRun } from '../../../src/runs/ending/finish.js';
import { latestMemory, ThreadMemory } from '../../../src/threads/memory/thread-memory.js';
import { ThreadHistory } from '../../../src/threads/thread-history.js';
import { threadProject, type ThreadProject } from '../project.js';
import { insertMessage, insertThread, principal } from '../support.js';

let at: ThreadProject;
let memory: ThreadMemory;
let offline: ThreadMemory;
beforeAll(async () => {
  at = await threadProject();
  const { dataSource, executor, blobs } = at;
  memory = new ThreadMemory({ dataSource, executor, blobs, hasModels: true });
  offline = new ThreadMemory({ dataSource, executor, blobs, hasModels: false });
}, 120_000);
afterAll(() => at?.close());

/** A thread with so many questions and answers. */
async function conversation(count: number, columns = {}) {
  const id = await insertThread(at.dataSource, columns);
  const asked: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const question = await insertMessage(at.dataSource, id, {
      content: `question ${index}`,
      status: 'done',
    });
    await insertMessage(at.dataSource, id, {
      role: 'assistant',
      content: `answer ${index}`,
      status: 'done',
      reply_to: question.id,
    });
    asked.push(question.id);
  }
  return { id, asked };
}
const rowsOf = (id: string) =>
  at.dataSource.query('SELECT * FROM thread_memories WHERE thread_id = $1 ORDER BY created_at', [
    id,
  ]);
const read = async (id: string) => {
  const now = await insertMessage(at.dataSource, id, {
    content: 'what about question 3?',
    status: 'running',
  });
  const context = await new ThreadHistory(at.dataSource).before({ id, message_id: now.id });
  await at.dataSource.query('DELETE FROM thread_messages WHERE id = $1', [now.id]);
  return context;
};

describe('with a model', () => {
  test('older messages are condensed by a run, once, and turns read its result and the last messages', async () => {
    const { id, asked } = await conversation(15);
    await memory.look(id);
    await memory.look(id);
    const [row, ...others] = await rowsOf(id);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ status: 'running', upto_seq: 18 });
    const [run] = await at.dataSource.query('SELECT * FROM directive_executions WHERE id = $1', [
      row.run_id,
    ]);
    expect(run).toMatchObject({ directive_name: 'compact_thread', actor: 'system:kernel' });
    expect(run.inputs.messages).toHaveLength(18);
    // Until there is a memory, turns read the last messages.
    expect((await read(id)).memory).toBe('');
    const answer = {
      summary: 'They asked nine questions.',
      decisions: [{ text: 'Ask more.', messages: [asked[2]] }],
    };
    await finishRun(at.dataSource, run.id, {
      status: 'success',
      result: { text: `Here it is:\n\`\`\`json\n${JSON.stringify(answer)}\n\`\`\`` },
    });
    await memory.look(id);
    expect(await latestMemory(at.dataSource, id)).toMatchObject({
      summary: 'They asked nine questions.',
      facts: [{ kind: 'decision', message_ids: [asked[2]] }],
    });
    const context = await read(id);
    expect(context.memory).toContain('They asked nine questions.\n- decision: Ask more.');
    expect(context.earlier.map(({ content }) => content)).toEqual(
      [9, 10, 11, 12, 13, 14].map((index) => `question ${index}`),
    );
    expect(
      await at.dataSource.query(
        'SELECT count(*)::int AS n FROM thread_messages WHERE thread_id = $1',
        [id],
      ),
    ).toEqual([{ n: 30 }]);
  });

  test('a compaction that fails is tried again, later each time, and the thread goes on without it', async () => {
    const { id } = await conversation(15);
    await memory.look(id);
    const [first] = await rowsOf(id);
    await finishRun(at.dataSource, first.run_id, {
      status: 'success',
      result: { text: 'I cannot do that.' },
    });
    await memory.look(id);
    await memory.look(id);
    expect((await rowsOf(id)).map(({ status }: { status: string }) => status)).toEqual(['failed']);
    expect((await read(id)).earlier).toHaveLength(12);
    for (let more = 0; more < 6; more += 1)
      await insertMessage(at.dataSource, id, { content: 'x', status: 'done' });
    await memory.look(id);
    expect((await rowsOf(id)).map(({ status }: { status: string }) => status)).toEqual([
      'failed',
      'running',
    ]);
  });

  test('a run that was lost counts as a failure', async () => {
    const { id } = await conversation(15);
    await memory.look(id);
    const [row] = await rowsOf(id);
    await at.dataSource.query('DELETE FROM outbox WHERE run_id = $1', [row.run_id]);
    await at.dataSource.query('DELETE FROM directive_executions WHERE id = $1', [row.run_id]);
    await memory.look(id);
    expect((await rowsOf(id))[0].status).toBe('failed');
  });
});

describe('without a model', () => {
  test('a memory has what was asked; it can be taken back, by who owns the thread', async () => {
    const { id } = await conversation(15);
    await offline.look(id);
    expect(await at.threads.memory(principal(), id)).toMatchObject({
      status: 'ready',
      run_id: null,
      upto_seq: 18,
      summary: expect.stringContaining('asked: question 8'),
    });
    await expect(at.threads.undoCompaction(principal('eve'), id)).rejects.toThrow(
      'There is no thread',
    );
    expect(await at.threads.undoCompaction(principal(), id)).toBe(18);
    expect(await at.threads.memory(principal(), id)).toBeUndefined();
    expect((await read(id)).memory).toBe('');
    await expect(at.threads.undoCompaction(principal(), id)).rejects.toThrow(
      'Nothing of this thread',
    );
    // What was taken back is not condensed again at once.
    await offline.look(id);
    expect(await rowsOf(id)).toHaveLength(1);
  });
});

describe('strategies', () => {
  test('sliding_window condenses nothing', async () => {
    const { id } = await conversation(15, { memory: 'sliding_window' });
    await offline.look(id);
    expect(await rowsOf(id)).toEqual([]);
    expect((await read(id)).earlier).toHaveLength(12);
  });

  test('topic_pruning reads the last messages, and older ones on the same topic', async () => {
    const { id } = await conversation(30, { memory: 'topic_pruning' });
    const { earlier, memory: text } = await read(id);
    expect(text).toBe('');
    const contents = earlier.map(({ content }) => content);
    expect(contents).toContain('question 3');
    expect(contents.slice(-6)).toEqual(
      [24, 25, 26, 27, 28, 29].map((index) => `question ${index}`),
    );
    expect(contents.length).toBeLessThanOrEqual(12);
  });

  test('a thread says which one it has', async () => {
    expect(
      await at.threads.open(principal(), { directive: 'talk', memory: 'key_facts' }),
    ).toMatchObject({ memory: 'key_facts' });
    await expect(
      at.threads.open(principal(), { directive: 'talk', memory: 'all' }),
    ).rejects.toThrow('memory');
  });
});
