import type { JsonObject } from '../../../../contracts/json/json.js';
import type { ScriptStep } from '../../../../contracts/plan.js';
import type { ProjectScript, ScriptManifest } from '../../../../contracts/script.js';
import { parsePermission } from '../../../../contracts/permission.js';
import type { Place } from '../../check/context.js';
import { checkRight } from '../../check/permissions.js';
import { ANY_FIELDS, fieldsOf } from '../../check/result-fields.js';
import { attemptsOnly } from '../../check/retry.js';
import { readChoice, readText } from '../../fields/scalars.js';
import { checkGivenInputs } from '../../check/given-inputs.js';
import { CALLS, SCRIPT } from '../../../definition/calls.js';
import { ANY } from '../../../types/type.js';
import { didYouMean } from '../../../text/nearest.js';
import { describe, type Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';
import { readStepInputs } from '../base/inputs.js';

/** Scripts with a longer timeout are activities of their own, in seconds. */
const LIGHT_SECONDS = 10;

/** Compiles a `script` step, or a `tool` step, which is a synonym. */
export function buildScript(source: StepSource): Built | undefined {
  const { place, value, fields } = source;
  const name = readName(place, value);
  const inputs = readStepInputs(place, fields.get('inputs'));
  if (name === undefined) return undefined;
  const [, stem, ending] = /^(.*?)(?:\.([A-Za-z0-9]+))?$/.exec(name)!;
  const manifest = place.catalog.scripts.get(stem!);
  if (manifest) return buildSystem(source, manifest, inputs);
  const script = place.catalog.projectScripts.get(stem!);
  if (script && (!ending || ending === endingOf(script)))
    return buildProject(source, script, inputs);
  reportUnknown(place, value, name, script);
  return undefined;
}

const endingOf = ({ file }: ProjectScript) => file.slice(file.lastIndexOf('.') + 1);

function readName(place: Place, node: Node): string | undefined {
  const name = readText(place.report, node, 'the script');
  if (name === undefined) return undefined;
  if (CALLS.script.value.pattern.test(name)) return name;
  const hint = /[\\/]/.test(name)
    ? 'write the name alone, without a path'
    : 'write the name of a script';
  place.report.add('unknown_script', node, `${describe(node)} is not the name of a script`, hint);
  return undefined;
}

function reportUnknown(
  { report, catalog }: Place,
  at: Node,
  name: string,
  near?: ProjectScript,
): void {
  const known = [...catalog.scripts.keys(), ...catalog.projectScripts.keys()];
  const hint = near
    ? `did you mean "${near.name}.${endingOf(near)}"?`
    : (didYouMean(name.split('.')[0]!, known) ?? 'put the script into .ai/scripts');
  report.add('unknown_script', at, `there is no script "${name}"`, hint);
}

function buildSystem(source: StepSource, manifest: ScriptManifest, inputs: JsonObject): Built {
  const { place, value, fields } = source;
  const declared = { name: `the script "${manifest.name}"`, inputs: manifest.inputs };
  checkGivenInputs(place, declared, fields.get('inputs'), value);
  checkManifestRights(place, manifest, inputs, value);
  if (!manifest.available) {
    const message = `the script "${manifest.name}" is not implemented yet: a run that reaches it fails`;
    place.report.add('script_not_available', value, message, 'leave the step out for now');
  }
  checkOutput(source, manifest);
  const common = withDefaults(source, manifest);
  const seconds = common.timeout_seconds;
  const own = source.trace === 'step' || seconds > LIGHT_SECONDS || needsNetwork(manifest.rights);
  const effect = manifest.rights.some((right) => !right.startsWith('read:'));
  const step: ScriptStep = {
    ...common,
    own,
    effect,
    kind: 'script',
    script: manifest.name,
    system: true,
    inputs,
  };
  return {
    step,
    result: fieldsOf(Object.fromEntries(manifest.outputs.map((name) => [name, ANY]))),
  };
}

/** Checks the rights that a manifest needs. Their scope is the value of the input `target`, if that is a literal. */
function checkManifestRights(
  place: Place,
  { name, rights, target, inputs: declared }: ScriptManifest,
  inputs: JsonObject,
  at: Node,
): void {
  const given = target && (inputs[target] ?? declared[target]?.default);
  for (const right of rights) checkRight(place, right, given, `the script "${name}"`, at);
}

function buildProject(source: StepSource, script: ProjectScript, inputs: JsonObject): Built {
  const common = withDefaults(source);
  const network = needsNetwork(source.place.permissions ?? []);
  const own = source.trace === 'step' || network || common.timeout_seconds > LIGHT_SECONDS;
  const { choices } = SCRIPT.isolation;
  const node = source.fields.get('isolation');
  const isolation = readChoice(source.place.report, node, '"isolation"', choices);
  const step: ScriptStep = {
    ...common,
    ...(isolation && { isolation }),
    own,
    effect: true,
    kind: 'script',
    script: script.name,
    system: false,
    inputs,
  };
  return { step, result: ANY_FIELDS };
}

/** Timeout and retry: those of the step, else of the manifest, else the defaults. */
function withDefaults(
  { common }: StepSource,
  manifest?: ScriptManifest,
): StepSource['common'] & { timeout_seconds: number } {
  const retry = common.retry ?? (manifest?.retry && attemptsOnly(manifest.retry.attempts));
  const seconds =
    common.timeout_seconds ?? manifest?.timeout_seconds ?? CALLS.script.timeout_seconds;
  return { ...common, ...(retry && { retry }), timeout_seconds: seconds };
}

const needsNetwork = (tags: readonly string[]): boolean =>
  tags.some((tag) => {
    const permission = parsePermission(tag);
    return permission?.resource === 'network' && permission.verb !== 'deny';
  });

function checkOutput(
  { place, fields, common }: StepSource,
  { name, outputs }: ScriptManifest,
): void {
  const node = fields.get('output');
  for (const field of common.output ?? []) {
    if (outputs.includes(field)) continue;
    const hint = didYouMean(field, outputs) ?? `it returns ${outputs.join(', ')}`;
    place.report.add(
      'unknown_field',
      node!,
      `the script "${name}" does not declare the output "${field}"`,
      hint,
    );
  }
}
