import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ApiClient } from '../../../src/cli/client/api-client.js';
import { followRun } from '../../../src/cli/client/follow.js';
import { SmallApi } from '../support/small-api.js';

let api: SmallApi;

async function open(withSocket?: boolean) {
  api = new SmallApi(withSocket);
  await api.start();
  return api;
}

/** Follows the run; what was heard so far is in `heard`. */
function follow() {
  const heard: string[] = [];
  const interrupted = new AbortController();
  const ended = followRun(new ApiClient({ url: api.url }), 'r1', {
    onStep: ({ name, status, progress }) =>
      heard.push(`${name} ${status}${progress ? ` ${progress.done}/${progress.total}` : ''}`),
    onContact: (reachable) => heard.push(reachable ? 'back' : 'away'),
    signal: interrupted.signal,
  });
  ended.catch(() => undefined);
  return { heard, ended, interrupted };
}

async function until(condition: () => boolean): Promise<void> {
  for (let left = 500; !condition(); left -= 1) {
    if (left === 0) throw new Error('waited in vain');
    await sleep(10);
  }
}

afterEach(() => api.stop());

describe('following a run', () => {
  test('hears of steps at once and of the end without a poll', async () => {
    await open();
    api.step('a', 'SUCCESS');
    const { heard, ended } = follow();
    await until(() => heard.includes('a SUCCESS'));
    api.step('b', 'RUNNING');
    await until(() => heard.includes('b RUNNING'));
    api.step('b', 'RUNNING', { done: 1, total: 4, message: 'first' });
    await until(() => heard.includes('b RUNNING 1/4'));
    await sleep(1_500);
    const before = Date.now();
    api.end('SUCCESS');
    expect(await ended).toMatchObject({ id: 'r1', status: 'SUCCESS', result: { done: true } });
    expect(Date.now() - before).toBeLessThan(800);
    expect(api.queries).toBeLessThan(12);
    expect(heard).toEqual(['a SUCCESS', 'b RUNNING', 'b RUNNING 1/4']);
  });

  test('goes on over an API that dies and comes back', async () => {
    await open();
    const { heard, ended } = follow();
    api.step('a', 'SUCCESS');
    await until(() => heard.includes('a SUCCESS'));
    await api.stop();
    await until(() => heard.includes('away'));
    api.step('b', 'SUCCESS');
    await api.start();
    await until(() => heard.includes('back') && heard.includes('b SUCCESS'));
    api.step('c', 'SUCCESS');
    await until(() => heard.includes('c SUCCESS'));
    api.end('ERROR');
    expect(await ended).toMatchObject({ status: 'ERROR' });
  });

  test('polls where there is no socket, and tells the steps at the end', async () => {
    await open(false);
    const { heard, ended } = follow();
    api.step('a', 'SUCCESS');
    await sleep(300);
    api.end('CANCELLED');
    expect(await ended).toMatchObject({ status: 'CANCELLED' });
    expect(heard).toEqual(['a SUCCESS']);
  });

  test('stops when it is told to', async () => {
    await open();
    const { ended, interrupted } = follow();
    await sleep(100);
    interrupted.abort(new Error('detached'));
    await expect(ended).rejects.toThrow('detached');
  });
});
