import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import {
  CallStream,
  type CallStreamOptions,
} from '../../../../src/api/http/streams/call-stream.js';
import { EventStream } from '../../../../src/api/http/streams/event-stream.js';
import { MissionError } from '../../../../src/contracts/errors.js';
import type { VerbCaller } from '../../../../src/verbs/call/verb-caller.js';
import { until } from '../../../support/instance.js';

/** Rows that a test gives; it sees whether they were left. */
class Rows implements AsyncIterableIterator<any> {
  isLeft = false;
  private readonly kept: any[] = [];
  private wake: () => void = () => undefined;

  give(...rows: any[]): void {
    this.kept.push(...rows);
    this.wake();
  }
  async next(): Promise<IteratorResult<any>> {
    while (this.kept.length === 0 && !this.isLeft)
      await new Promise<void>((resolve) => (this.wake = resolve));
    return this.isLeft
      ? { done: true, value: undefined }
      : { done: false, value: this.kept.shift() };
  }
  async return(): Promise<IteratorResult<any>> {
    this.isLeft = true;
    this.wake();
    return { done: true, value: undefined };
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
}

type Call = (caller: VerbCaller) => Promise<any>;
const rows = { steps: new Rows(), thread: new Rows() };
let call: Call;
let url: string;
const server = createServer(
  express().post('/', (_request, response, next) => {
    const options: CallStreamOptions = {
      kernel: { call: (_verb, _args, caller) => call(caller) },
      feed: { steps: async () => rows.steps },
      threadFeed: { follow: () => rows.thread },
      describe: (error) => error as MissionError,
    };
    const principal = { keyId: 'k', actor: 'anna', role: 'operator' as const };
    new CallStream(new EventStream(response), options)
      .call('execute', {}, { principal }, true)
      .catch((error: Error) => next(error));
  }),
);
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

async function events(response: Response): Promise<any[]> {
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice(6)));
}
const step = (path: string) => ({ run_id: 'r1', path, status: 'success', error: null, xid: 1 });

test('the steps of a run, then the answer', async () => {
  rows.steps = new Rows();
  call = async ({ onAwait }) => {
    onAwait!({ execution_id: 'r1' });
    rows.steps.give(step('a'), step('b'));
    void until('both are read', () => rows.steps['kept'].length === 0).then(() =>
      rows.steps.return(),
    );
    return { execution_id: 'r1', status: 'success', result: 5 };
  };
  const answer = await fetch(url, { method: 'POST' });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(await events(answer)).toMatchObject([
    { type: 'run', execution_id: 'r1' },
    { type: 'step', path: 'a', status: 'success' },
    { type: 'step', path: 'b' },
    { type: 'result', result: { result: 5 } },
  ]);
});

test('the events of an answer of a thread up to its end, and none of another message', async () => {
  rows.thread = new Rows();
  call = async ({ onAwait }) => {
    onAwait!({ thread_id: 't', message_id: 'm1', after: 3 });
    const event = (seq: number, message_id: string, type: string) => ({
      ...{ seq, message_id, type, thread_id: 't' },
      data: { n: seq },
    });
    rows.thread.give(event(4, 'm0', 'message_stop'), event(5, 'm1', 'content_block_delta'));
    rows.thread.give(event(6, 'm1', 'message_stop'), event(7, 'm1', 'late'));
    return { status: 'done' };
  };
  expect(await events(await fetch(url, { method: 'POST' }))).toMatchObject([
    { type: 'thread', message_id: 'm1' },
    { type: 'content_block_delta', n: 5 },
    { type: 'message_stop', n: 6 },
    { type: 'result' },
  ]);
  expect(rows.thread.isLeft).toBe(true);
});

test('an error before the first event has its status, a later one is an event', async () => {
  call = async () => {
    throw Object.assign(new MissionError('input_invalid', 'no'), { status: 400 });
  };
  expect((await fetch(url, { method: 'POST' })).status).toBe(400);
  rows.steps = new Rows();
  call = async ({ onAwait }) => {
    onAwait!({ execution_id: 'r1' });
    throw new MissionError('conflict', 'too late');
  };
  const sent = await events(await fetch(url, { method: 'POST' }));
  expect(sent.at(-1)).toEqual({ type: 'error', error: 'too late', code: 'conflict' });
  expect(rows.steps.isLeft).toBe(true);
});

test('a client that goes ends the wait, and what was followed for it is left', async () => {
  rows.steps = new Rows();
  let isWaiting = false;
  let hasEnded = false;
  call = async ({ onAwait, signal }) => {
    onAwait!({ execution_id: 'r1' });
    isWaiting = true;
    await new Promise<void>((resolve) => signal!.addEventListener('abort', () => resolve()));
    hasEnded = true;
    return { status: 'running' };
  };
  const gone = new AbortController();
  const answer = await fetch(url, { method: 'POST', signal: gone.signal });
  await until('it waits', () => isWaiting);
  gone.abort();
  await expect(answer.text()).rejects.toThrow();
  await until('everything has ended', () => hasEnded && rows.steps.isLeft);
});

test('a run that goes on is not followed to its end', async () => {
  rows.steps = new Rows();
  call = async ({ onAwait }) => {
    onAwait!({ execution_id: 'r1' });
    return { status: 'running' };
  };
  const sent = await events(await fetch(url, { method: 'POST' }));
  expect(sent.at(-1)).toEqual({ type: 'result', result: { status: 'running' } });
  expect(rows.steps.isLeft).toBe(true);
});
