import type { Catalog } from '../../contracts/catalog.js';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import type { Plan } from '../../contracts/plan.js';
import { compileWithPlaces } from '../compile/compile.js';
import { nobodyApproves } from './approval.rules.js';
import { undescribedInput, unusedInput, unusedPermission } from './head.rules.js';
import { Ignores } from './ignores.js';
import { redundantPermission } from './permission.rules.js';
import {
  beyondDuration,
  endlessWait,
  keyIgnored,
  unboundedLoop,
  unnamedQuestion,
  unreachableStep,
  unusedOutput,
} from './step.rules.js';
import { type Rule, Subject } from './subject.js';

const RULES: readonly Rule[] = [
  unusedInput,
  undescribedInput,
  unusedPermission,
  redundantPermission,
  unusedOutput,
  unreachableStep,
  unboundedLoop,
  endlessWait,
  beyondDuration,
  nobodyApproves,
  keyIgnored,
  unnamedQuestion,
];

/**
 * Returns the findings of `compileDirective`, and lint findings when the text has no errors; suppressed ones are left out.
 * @param scriptText returns the text of a project script, if available
 */
export function lintDirective(
  source: string,
  catalog: Catalog,
  scriptText: (name: string) => string | undefined = () => undefined,
): { plan?: Plan; diagnostics: Diagnostic[] } {
  const { report, plan, fields, places } = compileWithPlaces(source, catalog);
  const ignores = new Ignores(report);
  if (plan && fields) {
    const subject = new Subject(report, plan, catalog, fields, scriptText, places);
    for (const rule of RULES) rule(subject);
  }
  const diagnostics = report.sorted().filter((each) => !ignores.hides(each));
  return { ...(plan && { plan }), diagnostics };
}
