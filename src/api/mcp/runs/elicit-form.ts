import { inputRequired, type ElicitRequestFormParams } from '@modelcontextprotocol/server';
import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type { InputSpec } from '../../../contracts/plan.js';
import type { ApprovalRow } from '../../../platform/database/entities/runs/approval.row.js';

type FormSchema = ElicitRequestFormParams['requestedSchema'];
export type ElicitForm = Pick<ElicitRequestFormParams, 'message'> & { requestedSchema: FormSchema };

/** Characters of guarded steps that fit into a client's dialog. */
const MAX_SHOWN = 4_000;
const SIMPLE = new Set(['string', 'integer', 'number', 'boolean']);

/**
 * The question for inputs that a run still needs. Forms of MCP have fields of text, number and boolean only.
 * @returns undefined if an input needs a list or an object, or if the answer of the kernel is no question
 */
export function inputsForm(answer: JsonObject, directive: string): ElicitForm | undefined {
  const missing = answer['missing_inputs'];
  const all = answer['all_inputs'];
  if (!Array.isArray(missing) || !Array.isArray(all)) return undefined;
  const specs = (all as (JsonObject & { name: string })[]).filter(({ name }) =>
    missing.includes(name),
  );
  return fieldsForm(`The directive ${directive} needs these inputs.`, specs);
}

/** The question whether a step may go on, with the fields that its form asks for; undefined as for inputs. */
export function approvalForm({
  step,
  description,
  form,
  shows,
}: ApprovalRow): ElicitForm | undefined {
  const specs = Object.entries(form).map(
    ([name, spec]) => ({ name, ...spec }) as unknown as JsonObject & { name: string },
  );
  const asked = fieldsForm(`${step}: ${description}${shownText(shows)}`, specs);
  if (!asked) return undefined;
  const { properties } = asked.requestedSchema;
  const decision = { type: 'string', title: 'Decision', enum: ['approve', 'deny'] } as const;
  const comment = { type: 'string', title: 'Comment' } as const;
  return {
    ...asked,
    requestedSchema: {
      type: 'object',
      properties: { ...properties, decision, comment },
      required: ['decision'],
    },
  };
}

/** The steps that an approval guards, one on each line. */
function shownText(shows: Json): string {
  if (!Array.isArray(shows) || shows.length === 0) return '';
  const lines = shows.map((each) => `- ${JSON.stringify(each)}`).join('\n');
  const most =
    lines.length > MAX_SHOWN ? `${lines.slice(0, MAX_SHOWN)}… (load the run for the rest)` : lines;
  return `\n\nIt lets these steps run:\n${most}`;
}

/** The form as a request that a client shows to its user. */
export const elicit = (form: ElicitForm) => inputRequired.elicit(form);

function fieldsForm(
  message: string,
  specs: (JsonObject & { name: string })[],
): ElicitForm | undefined {
  if (!specs.every((spec) => SIMPLE.has(String(spec['type'] ?? 'string')))) return undefined;
  const properties = Object.fromEntries(specs.map((spec) => [spec.name, fieldOf(spec)]));
  const required = specs.filter((spec) => spec['required'] !== false).map(({ name }) => name);
  const requestedSchema = { type: 'object', properties, required } as FormSchema;
  return { message, requestedSchema };
}

function fieldOf({ name, ...spec }: JsonObject & { name: string }): JsonObject {
  const {
    type = 'string',
    description,
    default: fallback,
    enum: choices,
    minimum,
    maximum,
  } = spec as unknown as Partial<InputSpec>;
  const texts = choices?.every((choice) => typeof choice === 'string') ? choices : undefined;
  return {
    type: type === ('any' as string) ? 'string' : type,
    title: name,
    ...(description && { description }),
    ...(fallback != null && { default: fallback }),
    ...(texts && { enum: texts }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}
