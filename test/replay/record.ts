import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/contracts/json.js';
import { startTestEngine } from '../support/engine.js';
import { HISTORIES, keepHistory, KINDS, planOf, SCRIPTS } from './recording.js';

// Records a history for every kind of run that has none yet:
//   jest --testMatch '**/test/replay/record.ts'
// A history stays as it was recorded: it stands for the runs that are under way when a build is replaced.

const MISSING = KINDS.filter((kind) => !HISTORIES.includes(kind));
const ENDS: Record<string, string> = {
  undone: 'error',
  'cancelled-light': 'cancelled',
  'cancelled-own': 'cancelled',
  failing: 'error',
  'limit-exceeded': 'error',
};

/** An engine whose scripts tell when one of them hangs. */
async function startRecorder() {
  const seen = new Set<string>();
  let hangs = () => {};
  const hanging = new Promise<void>((resolve) => (hangs = resolve));
  const engine = await startTestEngine({
    projectScripts: {
      async run(_script, { name, inputs, context: { step_path: path, attempt }, signal }) {
        const first = !seen.has(path);
        seen.add(path);
        if (name === 'hang') hangs();
        return (await SCRIPTS[name]!({ inputs, attempt, first, signal })) as JsonObject;
      },
    },
  });
  return { engine, hanging };
}

test.each(MISSING)(
  '%s',
  async (kind) => {
    const { engine, hanging } = await startRecorder();
    try {
      const id = await engine.accept(planOf(kind));
      if (kind.startsWith('cancelled')) await hanging.then(() => engine.cancel(id));
      const { status, error } = await engine.ended(id);
      expect({ status, error }).toMatchObject({ status: ENDS[kind] ?? 'success' });
      const handle = engine.client.workflow.getHandle(id);
      await handle.result().catch(() => {});
      keepHistory(kind, await handle.fetchHistory());
    } finally {
      await engine.stop();
    }
  },
  300_000,
);
