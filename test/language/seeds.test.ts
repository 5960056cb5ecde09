import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compileDirective } from '../../src/language/compile/compile.js';
import { CATALOG } from './catalog.js';

const NAMES = [
  'analyze_patterns',
  'coordinate_mcps',
  'heal_mcp_connection',
  'monitor_thread_health',
];
const read = (name: string): string => readFileSync(`directives/system/${name}.yaml`, 'utf8');

describe('the directives of the seeds', () => {
  it.each(NAMES)('%s compiles without errors', (name) => {
    const { plan, diagnostics } = compileDirective(read(name), CATALOG);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(plan?.name).toBe(name);
    expect(Object.isFrozen(plan?.steps[0])).toBe(true);
  });
});
