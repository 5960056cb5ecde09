/** The temporary project that is measured: fib(10) in JavaScript, and directives that call it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FIB = `const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
export default async ({ inputs }) => ({ value: fib(inputs.n) });
`;

/** So many steps one after another; with `trace: step` each is an activity of its own. */
const chain = (name, steps, trace) => `name: ${name}
version: 1.0.0
description: ${steps} steps, one after another
trace: ${trace}
permissions: []
steps:
${Array.from({ length: steps }, (_, i) => `  - name: s${i + 1}\n    script: fib\n    inputs: { n: 10 }`).join('\n')}
`;

const LOOP = `name: loop
version: 1.0.0
description: One light step for each item
permissions: []
inputs:
  count: { type: integer }
steps:
  - name: each
    foreach: "{{ range(inputs.count) }}"
    steps:
      - name: one
        script: fib
        inputs: { n: 10 }
  - return: "{{ steps.each.count }}"
`;

/** 50,000 steps: every hundredth is an activity of its own. */
const MIXED = `name: mixed
version: 1.0.0
description: Own steps and light ones, five lanes
permissions: []
steps:
  - name: outer
    foreach: "{{ range(500) }}"
    concurrency: 5
    steps:
      - { name: own, script: fib, inputs: { n: 10 }, timeout_seconds: 30 }
      - name: inner
        foreach: "{{ range(98) }}"
        steps:
          - { name: light, script: fib, inputs: { n: 10 } }
  - return: "{{ steps.outer.count }}"
`;

const WAITS = `name: waits
version: 1.0.0
description: Waits for what never comes
permissions: []
steps:
  - { name: first, script: fib, inputs: { n: 10 } }
  - { name: wait, wait: { signal: never } }
`;

/** Name of the directive for so many steps. */
export const chainName = (steps, trace) => `chain_${steps}_${trace === 'step' ? 'own' : 'fused'}`;

/** Writes the project into a directory. */
export function writeProject(directory) {
  const write = (path, text) => writeFileSync(join(directory, '.ai', path), text);
  for (const folder of ['scripts', 'directives']) {
    mkdirSync(join(directory, '.ai', folder), { recursive: true });
  }
  write('scripts/fib.js', FIB);
  write('directives/loop.yaml', LOOP);
  write('directives/mixed.yaml', MIXED);
  write('directives/waits.yaml', WAITS);
  for (const steps of [1, 10, 40]) {
    for (const trace of ['auto', 'step']) {
      const name = chainName(steps, trace);
      write(`directives/${name}.yaml`, chain(name, steps, trace));
    }
  }
}
