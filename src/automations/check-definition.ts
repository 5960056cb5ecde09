import type { DataSource } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { may } from '../access/rights.js';
import type { AutomationSpec } from '../contracts/run/automation.js';
import { MissionError } from '../contracts/errors.js';
import type { DirectiveRegistry } from '../kernel/directive-registry.js';
import { checkInputs } from '../language/inputs/check-inputs.js';

type Declared = Parameters<typeof checkInputs>[0];

export interface CheckOptions {
  dataSource: DataSource;
  registry: Pick<DirectiveRegistry, 'find' | 'missing'>;
}

/**
 * Checks what a definition names: the directive, the right to it, its inputs as
 * far as they are known before the trigger, and the calendars.
 * @throws MissionError `permission_denied`, `not_found`, `input_invalid`
 */
export async function checkDefinition(
  { dataSource, registry }: CheckOptions,
  principal: Principal,
  spec: AutomationSpec,
): Promise<void> {
  const { directive_name: directive } = spec;
  if (!may(principal, `execute:directives:${directive}`)) {
    const text = `This key lacks the right execute:directives:${directive}.`;
    throw new MissionError('permission_denied', text);
  }
  const found = await registry.find(directive, null);
  if (!found) {
    const hint = await registry.missing(directive);
    const text = `There is no directive ${directive}${hint ? `: ${hint}` : '.'}`;
    throw new MissionError('not_found', text);
  }
  if (found.plan) checkFixedInputs(spec, found.plan.inputs);
  await checkCalendars(dataSource, spec.except);
}

async function checkCalendars(dataSource: DataSource, names: readonly string[]): Promise<void> {
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM calendars');
  const missing = names.find((name) => !rows.some((row) => row.name === name));
  if (missing === undefined) return;
  throw new MissionError(
    'input_invalid',
    `There is no calendar ${missing}. Write it to .ai/calendars/${missing}.yaml first.`,
  );
}

function checkFixedInputs({ inputs, directive_name }: AutomationSpec, declared: Declared): void {
  const isOpen = (name: string) => JSON.stringify(inputs[name] ?? null).includes('{{');
  const left = Object.entries(declared).filter(([name]) => !isOpen(name));
  const given = Object.entries(inputs).filter(
    ([name]) => !isOpen(name) || !Object.hasOwn(declared, name),
  );
  const { problems } = checkInputs(Object.fromEntries(left), Object.fromEntries(given));
  if (problems.length === 0) return;
  const texts = problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message));
  const text = `The inputs do not fit ${directive_name}: ${texts.join('; ')}.`;
  throw new MissionError('input_invalid', text);
}
