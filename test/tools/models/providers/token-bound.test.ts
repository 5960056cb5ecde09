import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AskedModelServer, chat } from '../../../support/asked-model-server.js';

let asked: AskedModelServer;
beforeAll(async () => {
  asked = await AskedModelServer.start();
});
afterAll(() => asked.stop());

const ask: AskedModelServer['ask'] = (...args) => asked.ask(...args);

describe('the bound of an answer', () => {
  const REFUSAL = {
    error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'." },
  };
  const bounds = () =>
    asked.server.asked.map(({ body }) => [body.max_tokens, body.max_completion_tokens]);

  it('has the other name where its own is refused, from then on', async () => {
    const bound = { maxOutputTokens: 9, model: 'newer-1' };
    expect(await ask(REFUSAL, bound, {}, 400)).toMatchObject({ text: 'second' });
    expect(bounds()).toEqual([
      [9, undefined],
      [undefined, 9],
    ]);
    await ask(chat({ content: 'x' }), bound);
    expect(bounds()).toEqual([[undefined, 9]]);
    await ask(chat({ content: 'x' }), { ...bound, model: 'older-1' });
    expect(bounds()).toEqual([[9, undefined]]);
  });

  it('has the name that the operator gives', async () => {
    await ask(chat({ content: 'x' }), {
      maxOutputTokens: 9,
      maxTokensField: 'max_completion_tokens',
    });
    expect(bounds()).toEqual([[undefined, 9]]);
    const old = { maxOutputTokens: 9, maxTokensField: 'max_tokens', model: 'newer-2' } as const;
    await expect(ask(REFUSAL, old, {}, 400)).rejects.toMatchObject({ code: 'model_error' });
    expect(asked.server.asked).toHaveLength(1);
  });

  it('that is too large is refused, and not asked again by another name', async () => {
    const body = { error: { message: 'max_tokens is too large: at most 8192' } };
    const refused = ask(body, { maxOutputTokens: 9, model: 'newer-3' }, {}, 400);
    await expect(refused).rejects.toThrow('answered 400: max_tokens is too large: at most 8192.');
    expect(asked.server.asked).toHaveLength(1);
  });
});
