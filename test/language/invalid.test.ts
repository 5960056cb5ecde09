import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_CEILINGS, type Catalog } from '../../src/contracts/catalog.js';
import type { ProjectScript } from '../../src/contracts/script.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { besideOf, KNOWN_ACTIONS } from '../../src/language/definition/actions.js';
import { DIRECTIVE } from '../../src/language/definition/header.js';
import { STEP } from '../../src/language/definition/step.js';
import { DirectiveSummaries } from '../../src/language/compile/summary/directive-summary.js';
import { lintDirective } from '../../src/language/lint/lint.js';
import { CATALOG } from './catalog.js';
import { MUTATIONS, type Mutant, sitesOf } from './mutants.js';

const ROOT = join(import.meta.dirname, '../..');
const TEXTS = globSync('{directives/examples,examples/*/.ai/directives}/*.yaml', { cwd: ROOT })
  .sort()
  .map((file) => readFileSync(join(ROOT, file), 'utf8'));

/** Every script that the texts name is there. */
function catalog(): Catalog {
  const names = TEXTS.flatMap((text) => [
    ...text.matchAll(/\b(?:script|tool): ([a-z_]+)(?:\.(sh|py|js))?/g),
  ]);
  const tools = TEXTS.flatMap((text) => /\btools: \[([^\]]*)\]/.exec(text)?.[1]?.split(', ') ?? []);
  const named = tools.filter((tool) => !tool.includes('/')).map((tool) => ['', tool]);
  const scripts = [...names, ...named].map(([, name, ending]) => {
    const language = (ending ?? 'js') as ProjectScript['language'];
    return [name!, { name: name!, language, file: `/x.${language}` }] as const;
  });
  const files = TEXTS.map((text) => ({
    name: /^name: (\S+)/m.exec(text)![1]!,
    source: 'project' as const,
    file: '/x',
    text,
  }));
  return {
    ...CATALOG,
    projectScripts: new Map(scripts),
    directives: new DirectiveSummaries().of(files),
    ceilings: DEFAULT_CEILINGS,
  };
}

const CATALOG_OF_ALL = catalog();
const SITES = TEXTS.map(sitesOf);

const mutant = fc
  .record({
    text: fc.nat(TEXTS.length - 1),
    site: fc.nat(10_000),
    how: fc.nat(MUTATIONS.length - 1),
  })
  .map(({ text, site, how }) => {
    const sites = SITES[text]!;
    return MUTATIONS[how]!(TEXTS[text]!, sites[site % sites.length]!);
  })
  .filter((each): each is Mutant => each !== undefined);

function check({ text, lines, what }: Mutant): void {
  const started = performance.now();
  const { plan, diagnostics } = compileDirective(text, CATALOG_OF_ALL);
  expect(performance.now() - started).toBeLessThan(2_000);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const told = { what, lines, errors };
  if (plan || errors.length === 0) throw new Error(`accepted: ${JSON.stringify(told)}\n${text}`);
  if (errors.some(({ code }) => code === 'internal')) throw new Error(JSON.stringify(told));
  if (!errors.some(({ line }) => lines.includes(line))) {
    throw new Error(`told elsewhere: ${JSON.stringify(told, null, 1)}\n${text}`);
  }
}

describe('invalid directives', () => {
  it.each(TEXTS.map((text) => [text.split('\n')[0], text]))(
    'begin with valid ones: %s',
    (_, text) => {
      const { diagnostics } = compileDirective(text!, CATALOG_OF_ALL);
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const linted = lintDirective(text!, CATALOG_OF_ALL).diagnostics;
      expect(linted.filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );

  it('every key of the language is met', () => {
    const met = new Set(SITES.flat().map(({ key }) => String(key.value)));
    const keys = [DIRECTIVE, STEP, ...KNOWN_ACTIONS.map(besideOf)].flatMap(Object.keys);
    expect([...keys, ...KNOWN_ACTIONS].filter((key) => !met.has(key))).toEqual([]);
  });

  it('one mistake is told, at its line', () => {
    fc.assert(fc.property(mutant, check), { numRuns: 3_000, interruptAfterTimeLimit: 4_000 });
  });

  it('several mistakes at once neither crash nor hang', () => {
    const several = fc.record({
      text: fc.nat(TEXTS.length - 1),
      all: fc.array(fc.tuple(fc.nat(10_000), fc.nat(MUTATIONS.length - 1)), {
        minLength: 2,
        maxLength: 6,
      }),
    });
    const property = fc.property(several, ({ text, all }) => {
      const mutated = all.reduce((now, [site, how]) => {
        const sites = safely(() => sitesOf(now)) ?? [];
        return sites.length === 0
          ? now
          : (safely(() => MUTATIONS[how]!(now, sites[site % sites.length]!))?.text ?? now);
      }, TEXTS[text]!);
      if (mutated === TEXTS[text]) return;
      const { plan, diagnostics } = compileDirective(mutated, CATALOG_OF_ALL);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect({ plan, errors: errors.length > 0 }).toEqual({ plan: undefined, errors: true });
      expect(errors.map(({ code }) => code)).not.toContain('internal');
    });
    fc.assert(property, { numRuns: 400, interruptAfterTimeLimit: 2_000 });
  });
});

/** A text that is broken already may not be one that can be mutated further. */
function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
