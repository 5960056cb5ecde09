import { expect, test } from '@jest/globals';
import { compile, directive, findings } from './directive.js';

const withLimits = (limits: string) =>
  directive({
    metadata: `<description>d</description><permissions><execute resource="kiwi-mcp"/></permissions>${limits}`,
  });
const planOf = (limits: string) => compile(withLimits(limits)).plan!;

test('limits and costs are limits of the run, as elements or attributes', () => {
  expect(
    planOf(
      '<limits><tokens>5000</tokens><spend>0.5</spend><duration_seconds>60</duration_seconds></limits>',
    ).limits,
  ).toMatchObject({ tokens: 5000, cost_usd: 0.5, duration_seconds: 60 });
  expect(planOf('<cost max_total_tokens="100" on_exceeded="stop"/>').limits).toMatchObject({
    tokens: 100,
  });
  expect((planOf('<limits turns="3"/>').steps[0] as any).max_turns).toBe(3);
  expect((planOf('').steps[0] as any).max_turns).toBe(25);
});

test('bad limits are told', () => {
  expect(findings(withLimits('<limits><tokens>many</tokens></limits>'))[0]).toContain(
    'invalid_value the limit "tokens" is no number',
  );
  expect(findings(withLimits('<limits><tokenz>1</tokenz></limits>'))[0]).toContain(
    'unknown_key there is no limit "tokenz"',
  );
});
