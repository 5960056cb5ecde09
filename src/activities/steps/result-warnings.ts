import { holdsJson } from '../../contracts/json/holds-json.js';
import type { Json } from '../../contracts/json/json.js';
import type { CallStep } from '../../contracts/plan.js';
import type { StepPlace } from '../../contracts/run/place.js';
import type { LogBuffer } from './log-buffer.js';

interface Call extends StepPlace {
  step: CallStep;
  run: { id: string };
  log: Pick<LogBuffer, 'add'>;
}

const at = ({ run, path, iteration }: Call) => ({ run_id: run.id, step_path: path, iteration });

/** Warns when an MCP result is text that holds JSON, because paths into it are null. In a loop only the first item warns. */
export function warnOfText(call: Call, result: Json): void {
  if (typeof result !== 'string' || !holdsJson(result) || !/^[0.]*$/.test(call.iteration)) return;
  const { name } = call.step;
  const message = `step ${name} received JSON as text, not as structured content: a path such as steps.${name}.x is null; read the fields with parse_json(steps.${name})`;
  call.log.add({ level: 'warn', message, source: 'kernel', ...at(call) });
}

export function warnOfMissing(call: Call, result: Json): void {
  const missing = call.step.output?.filter(
    (field) => typeof result !== 'object' || result === null || !Object.hasOwn(result, field),
  );
  if (!missing?.length) return;
  const message = `step ${call.step.name} did not return ${missing.join(', ')}, which its "output" lists`;
  call.log.add({ level: 'warn', message, source: 'kernel', ...at(call) });
}
