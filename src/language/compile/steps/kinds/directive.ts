import semver from 'semver';
import type { DirectiveSummary } from '../../../../contracts/catalog.js';
import type { DirectiveStep } from '../../../../contracts/plan.js';
import type { Place } from '../../check/context.js';
import { checkGivenInputs } from '../../check/given-inputs.js';
import { checkRight } from '../../check/permissions.js';
import { ANY_FIELDS } from '../../check/result-fields.js';
import { readText } from '../../fields/scalars.js';
import { CALLS } from '../../../definition/calls.js';
import { cycleThrough } from '../../summary/directive-cycle.js';
import { didYouMean } from '../../../text/nearest.js';
import type { Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';
import { readStepInputs } from '../base/inputs.js';

const REFERENCE = /^([a-z][a-z0-9_]{0,63})(?:@(.+))?$/s;

/** Compiles a `directive` step. The name must be a literal, so that the call graph is known from the texts. */
export function buildDirective({ place, common, value, fields }: StepSource): Built | undefined {
  const inputs = readStepInputs(place, fields.get('inputs'));
  const reference = readReference(place, value);
  if (!reference) return undefined;
  const { name, range } = reference;
  checkRight(place, CALLS.directive.right, name, 'a directive step', fields.at('directive'));
  const summary = findDirective(place, name, value);
  if (summary && isWithin(place, summary, range, value)) {
    const what = { name: `the directive "${name}"`, inputs: summary.inputs };
    checkGivenInputs(place, what, fields.get('inputs'), value);
  }
  checkCycle(place, name, value);
  const step: DirectiveStep = {
    ...common,
    own: true,
    effect: true,
    kind: 'directive',
    directive: name,
    ...(range !== undefined && { range }),
    inputs,
  };
  return { step, result: ANY_FIELDS };
}

function readReference(
  { report }: Place,
  node: Node,
): { name: string; range?: string } | undefined {
  const text = readText(report, node, 'the directive');
  if (text === undefined) return undefined;
  const [, name, range] = REFERENCE.exec(text) ?? [];
  if (name === undefined) {
    const shown = JSON.stringify(text.slice(0, 80));
    const hint = 'write the name, or name@range such as name@^1.2';
    report.add('unknown_directive', node, `${shown} is not the name of a directive`, hint);
    return undefined;
  }
  if (range === undefined) return { name };
  if (range.length <= 200 && semver.validRange(range) !== null) return { name, range };
  const message = `${JSON.stringify(range.slice(0, 80))} is not a range of versions`;
  report.add('invalid_range', node, message, 'write it like ^1.2.0, 1.x or ">=1 <3"');
  return undefined;
}

function findDirective(
  { report, catalog, directive }: Place,
  name: string,
  at: Node,
): DirectiveSummary | undefined {
  const { directives } = catalog;
  const found = directives?.get(name);
  if (found || !directives || name === directive) return found;
  const hint = didYouMean(name, directives.keys()) ?? 'put its file into .ai/directives';
  report.add('unknown_directive', at, `there is no directive "${name}"`, hint);
  return undefined;
}

/**
 * True if the current version satisfies the range. Otherwise warns: a run may use an earlier version with other inputs.
 */
function isWithin(
  { report }: Place,
  { name, version }: DirectiveSummary,
  range: string | undefined,
  at: Node,
): boolean {
  if (range === undefined || semver.satisfies(version, range)) return true;
  const message = `the current version of "${name}" is ${version}, outside the range ${range}`;
  const hint =
    'a run uses the newest version in the range that was ever run, or fails if there is none';
  report.add('version_outside_range', at, message, hint);
  return false;
}

function checkCycle({ report, catalog, directive }: Place, name: string, at: Node): void {
  const cycle = cycleThrough(catalog.directives ?? new Map(), directive, name);
  if (!cycle) return;
  const message = `directives run each other in a circle: ${cycle.join(' → ')}`;
  report.add(
    'directive_cycle',
    at,
    message,
    'only limits.depth ends the recursion; make sure that a condition ends it earlier',
  );
}
