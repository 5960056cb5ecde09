import type { ConcurrencyRule } from '../../../contracts/plan.js';
import { CONCURRENCY } from '../../definition/concurrency.js';
import type { Node } from '../../parse/tree.js';
import type { Place } from './context.js';
import { readFields } from '../fields/fields.js';
import { readChoice, readNumber, readText } from '../fields/scalars.js';
import { readTemplate } from './template.js';

/** Reads the key `concurrency`, which bounds concurrent runs with the same key. */
export function readConcurrency(place: Place, node: Node | undefined): ConcurrencyRule | undefined {
  const { report, directive } = place;
  const fields = node && readFields(report, node, CONCURRENCY, '"concurrency"');
  if (!fields) return undefined;
  const key = fields.get('key');
  const text = readText(report, key, '"key" of "concurrency"');
  readTemplate(place, text === undefined ? undefined : key);
  const limit = readNumber(
    report,
    fields.get('limit'),
    '"limit" of "concurrency"',
    CONCURRENCY.limit,
  );
  const onFull = readChoice(
    report,
    fields.get('on_full'),
    '"on_full"',
    CONCURRENCY.on_full.choices,
  );
  return {
    key: text ?? directive,
    limit: limit ?? CONCURRENCY.limit.default,
    on_full: onFull ?? CONCURRENCY.on_full.default,
  };
}
