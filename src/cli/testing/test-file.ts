import type { Json, JsonObject } from '../../contracts/json/json.js';
import { checkRule } from '../../language/compile/fields/rule.js';
import { Fields } from '../../language/compile/fields/fields.js';
import { TEST, TEST_FILE_RULE } from '../../language/definition/test-file.js';
import { isDate, instant } from '../../language/expression/functions/instant.js';
import { readDocument } from '../../language/parse/document.js';
import type { Report } from '../../language/parse/report.js';
import { type ListNode, type MapNode, type Node, toJson } from '../../language/parse/tree.js';
import type { Answer, Given, GivenAnswers, GivenStep, TimedMessage } from './stubs.js';

/** One expectation of a test. */
export interface Expectation {
  what: 'result' | 'error' | 'path' | 'calls' | 'steps' | 'events' | 'questions';
  /** Name of the step, for `calls` and `steps`. */
  step?: string;
  value: Json;
  line: number;
}

/** One test of a test file. */
export interface TestCase {
  name: string;
  line: number;
  /** A directive's name, or a path relative to the test file. */
  directive: string | undefined;
  given: Given;
  expect: Expectation[];
  /** Names of steps in the test, with their positions. */
  names: { name: string; at: Node }[];
}

/** Reads a test file; errors are added to the report. */
export function readTests(report: Report): TestCase[] {
  const root = readDocument(report);
  if (!root) return [];
  checkRule(report, root, TEST_FILE_RULE, 'a test file');
  if (report.failed) return [];
  const file = new Fields(root as MapNode);
  const directive = file.get('directive');
  const { items } = file.get('tests') as ListNode;
  return items.map((node) => readTest(report, new Fields(node as MapNode), directive));
}

function readTest(report: Report, fields: Fields, directive: Node | undefined): TestCase {
  const named = fields.get('directive') ?? directive;
  const expected = fields.get('expect') as MapNode;
  if (expected.entries.length === 0) {
    report.add('missing_key', fields.at('expect'), 'the test has no expectation', 'add result:');
  }
  return {
    name: String(toJson(fields.get('name')!)),
    line: report.line(fields.node.offset),
    directive: named && String(toJson(named)),
    given: readGiven(report, fields),
    expect: expected.entries.flatMap(({ key, at, value }) => expectations(report, key, at, value)),
    names: [...namesOf(fields.get('given')), ...expected.entries.flatMap(usedNames)],
  };
}

function readGiven(report: Report, fields: Fields): Given {
  const json = (key: keyof typeof TEST): Json => {
    const node = fields.get(key);
    return node ? toJson(node) : ((TEST[key] as { default?: Json }).default ?? null);
  };
  const cancel = json('cancel_after_seconds');
  const steps = Object.entries((json('given') ?? {}) as JsonObject);
  return {
    inputs: (json('inputs') ?? {}) as JsonObject,
    now: readNow(report, fields, json('now')),
    actor: String(json('actor')),
    trigger: json('trigger') as Given['trigger'],
    ...(cancel !== null && { cancel_after_seconds: Number(cancel) }),
    steps: new Map(steps.map(([name, value]) => [name, givenStep(value)])),
    signals: messagesOf(json('signals'), 'payload', null),
    events: messagesOf(json('events'), 'data', {}),
  };
}

function readNow(report: Report, fields: Fields, value: Json): number {
  if (isDate(value)) return instant(value);
  report.add(
    'invalid_value',
    fields.get('now')!,
    '"now" must be a date',
    'write 2026-01-31T12:00:00Z',
  );
  return 0;
}

function givenStep(value: Json): GivenStep {
  if (Array.isArray(value)) return { answers: value.map(answer), iterations: new Map() };
  const { iterations = {}, ...own } = value as JsonObject;
  const each = Object.entries(iterations as JsonObject);
  return {
    ...(Object.keys(own).length > 0 && { answers: answer(own) }),
    iterations: new Map(each.map(([key, given]) => [key, answers(given)])),
  };
}

const answers = (value: Json): GivenAnswers =>
  Array.isArray(value) ? value.map(answer) : answer(value);

function answer(value: Json): Answer {
  const { error, ...rest } = value as JsonObject;
  const failure = typeof error === 'string' ? { message: error } : error;
  return { after_seconds: 0, ...rest, ...(failure ? { error: failure } : {}) } as Answer;
}

const messagesOf = (value: Json, key: 'payload' | 'data', absent: Json): TimedMessage[] =>
  ((value ?? []) as JsonObject[]).map(({ name, after_seconds = 0, [key]: payload = absent }) => ({
    name: String(name),
    payload,
    after_seconds: Number(after_seconds),
  }));

/** Reads an expectation; `calls` and `steps` yield one for each step. */
function expectations(
  report: Report,
  key: string,
  at: { offset: number },
  value: Node,
): Expectation[] {
  const what = key as Expectation['what'];
  if ((what !== 'calls' && what !== 'steps') || value.type !== 'map') {
    return [{ what, value: toJson(value), line: report.line(at.offset) }];
  }
  return value.entries.map((entry) => ({
    what,
    step: entry.key,
    value: toJson(entry.value),
    line: report.line(entry.at.offset),
  }));
}

const namesOf = (node: Node | undefined): TestCase['names'] =>
  node?.type === 'map'
    ? node.entries.map(({ key, at }) => ({ name: stepName(key), at: { type: 'unknown', ...at } }))
    : [];

function usedNames({ key, value }: { key: string; value: Node }): TestCase['names'] {
  if (key === 'calls' || key === 'steps') return namesOf(value);
  if (key !== 'path' || value.type !== 'list') return [];
  return value.items.map((at) => ({ name: stepName(String(toJson(at))), at }));
}

/** The name of a step without its iteration. */
export const stepName = (label: string): string => label.replace(/\[[\d.]*\]$/, '');
