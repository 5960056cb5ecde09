import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../../src/contracts/json/canonical-json.js';
import type { Json } from '../../../../src/contracts/json/json.js';
import type { Plan } from '../../../../src/contracts/plan.js';
import { compileDirective } from '../../../../src/language/compile/compile.js';
import { approvalHash } from '../../../../src/language/plan/approval/approval-hash.js';
import { asWritten } from '../../../../src/language/plan/approval/known-part.js';
import { stepPositions } from '../../../../src/language/plan/steps/step-positions.js';
import { CATALOG } from '../../catalog.js';

const HEAD =
  'name: a\nversion: 1.0.0\ndescription: d\npermissions: ["execute:mcp_gateway", "execute:directives", "write:events", "execute:models"]\ninputs: { text: { type: string }, many: { type: array } }\nsteps:\n';

function compiled(steps: string): Plan {
  const { plan, diagnostics } = compileDirective(HEAD + steps, CATALOG);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return plan!;
}

/** What the approval of that name shows. */
function shown(steps: string, name = 'ask'): any {
  const found = [...stepPositions(compiled(steps)).values()]
    .map(({ steps: list, index }) => list[index]!)
    .find((step) => step.name === name);
  return (found as { shows?: Json }).shows;
}

test('an approval shows the steps after it, with what is known of their arguments', () => {
  expect(
    shown(`
- { name: before, script: count_words, inputs: { text: x } }
- { name: ask, approve: {} }
- { name: one, script: count_words, inputs: { text: '{{ inputs.text }} and {{ words }}' } }
- { name: two, if: '{{ inputs.text != "" }}', script: count_words, inputs: { text: '{{ steps.one.words }} of {{ steps.before.words }} at {{ now() }}' } }
- { name: told, emit: done, inputs: { text: '{{ words }}', plain: 1 } }
`),
  ).toEqual([
    { step: 'one', script: 'count_words', inputs: { text: '{{ inputs.text }} and {{ words }}' } },
    {
      step: 'two',
      if: '{{ inputs.text != "" }}',
      script: 'count_words',
      inputs: { text: '‹steps.one.words› of {{ steps.before.words }} at ‹now()›' },
    },
    { step: 'told', emit: 'done', inputs: { text: '‹words›', plain: 1 } },
  ]);
});

test('names of the answer, and of a loop that follows, are not known yet', () => {
  expect(
    shown(`
- { name: ask, approve: { form: { n: { type: integer } } } }
- { name: one, script: count_words, inputs: { text: '{{ comment }} {{ steps.ask.by }}' } }
- name: all
  foreach: '{{ inputs.many }}'
  steps: [{ name: each, script: count_words, inputs: { text: '{{ item }}' } }]
`).map(({ inputs }: any) => inputs.text),
  ).toEqual(['‹comment› ‹steps.ask.by›', '‹item›']);
});

test('the next approval takes over, unless it has a condition', () => {
  const steps = (condition: string) => `
- { name: ask, approve: {} }
- { name: one, script: count_words, inputs: { text: a } }
- { name: again, ${condition}approve: {} }
- { name: two, script: count_words, inputs: { text: b } }
`;
  const names = (all: any[]) => all.map(({ step }) => step);
  expect(names(shown(steps('')))).toEqual(['one']);
  expect(names(shown(steps(''), 'again'))).toEqual(['two']);
  expect(names(shown(steps(`if: '{{ inputs.text == "" }}', `)))).toEqual(['one', 'two']);
});

test('an approval in a branch guards what follows the branch; in a loop, its iteration', () => {
  const names = (all: any[]) => all.map(({ step }) => step);
  const after = '\n- { name: after, script: count_words, inputs: { text: x } }\n';
  const inside = `[{ name: ask, approve: {} }, { name: in, script: count_words, inputs: { text: '{{ inputs.text }}' } }]`;
  const branch = `\n- conditional: { if: '{{ inputs.text == "" }}', then: ${inside} }`;
  expect(names(shown(branch + after))).toEqual(['in', 'after']);
  expect(names(shown(`\n- { foreach: [1], steps: ${inside} }${after}`))).toEqual(['in']);
  expect(names(shown(`\n- parallel: [${inside}]${after}`))).toEqual(['in']);
});

test('what does nothing outside the run is not shown, and a long list is cut with its number', () => {
  expect(
    shown('\n- { name: ask, approve: {} }\n- set: { a: 1 }\n- wait: { duration_seconds: 1 }\n'),
  ).toEqual([]);
  const many = Array.from(
    { length: 30 },
    (_, n) => `- { name: s${n}, script: count_words, inputs: { text: x } }`,
  );
  const all = shown(`\n- { name: ask, approve: {} }\n${many.join('\n')}\n`);
  expect(all).toHaveLength(21);
  expect(all.at(-1)).toEqual({ more_steps: 10 });
});

test('as it was written, a template has nothing to evaluate', () => {
  expect(asWritten({ a: '{{ inputs.x }}!', b: ['{{ f }}', 2] } as Json)).toEqual({
    a: '‹inputs.x›!',
    b: ['‹f›', 2],
  });
});

const about = (shows: Json) => ({ step: 's', description: 'd', shows });

test('the hash is that of the value, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shows = JSON.parse(JSON.stringify(value)) as Json;
      const turned = JSON.parse(JSON.stringify(value), (_, each) =>
        each && typeof each === 'object' && !Array.isArray(each)
          ? Object.fromEntries(Object.entries(each as object).reverse())
          : each,
      ) as Json;
      expect(JSON.parse(canonicalJson(shows))).toEqual(shows);
      expect(approvalHash(about(turned))).toBe(approvalHash(about(shows)));
    }),
  );
});

test('another argument, target or question is another hash', () => {
  const hashes = [
    about([{ step: 'a', inputs: { n: 1 } }]),
    about([{ step: 'a', inputs: { n: '1' } }]),
    about([{ step: 'b', inputs: { n: 1 } }]),
    { ...about([{ step: 'a', inputs: { n: 1 } }]), description: 'e' },
  ].map(approvalHash);
  expect(new Set(hashes).size).toBe(4);
});
