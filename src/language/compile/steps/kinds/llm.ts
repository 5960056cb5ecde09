import { INTENT_MODEL } from '../../../../contracts/catalog.js';
import { isObject, type JsonObject } from '../../../../contracts/json/json.js';
import type { LlmStep } from '../../../../contracts/plan.js';
import { SECRET_SCHEME } from '../../../../contracts/secret.js';
import type { Place } from '../../check/context.js';
import { type Fields, readFields } from '../../fields/fields.js';
import { readSchema } from '../../check/json-schema.js';
import { checkRight } from '../../check/permissions.js';
import { schemaType } from '../../../types/schema-type.js';
import { STRING } from '../../../types/type.js';
import { ANY_FIELDS, fieldsOf, type ResultFields } from '../../check/result-fields.js';
import { readNumber, readText } from '../../fields/scalars.js';
import { readTemplate } from '../../check/template.js';
import { CALLS, LLM } from '../../../definition/calls.js';
import { didYouMean } from '../../../text/nearest.js';
import type { Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';
import { readTools } from './llm-tools.js';
import { partOf } from '../base/part.js';

/** Compiles an `llm` step. Its `timeout_seconds` and `retry` apply to each turn. */
export function buildLlm({ place, common, fields, value }: StepSource): Built | undefined {
  const { report } = place;
  const given = readFields(report, value, LLM, 'an llm step');
  if (!given) return undefined;
  checkModel(place, given, fields);
  const tools = readTools(place, given.get('tools'), common);
  const output_schema = readSchema(report, given.get('output_schema'));
  const turns = readNumber(report, given.get('max_turns'), '"max_turns"', LLM.max_turns);
  const { retry, timeout_seconds, ...rest } = common;
  const turn = {
    ...partOf(common, 'turn'),
    ...(retry && { retry }),
    timeout_seconds: timeout_seconds ?? CALLS.llm.timeout_seconds,
    kind: 'turn' as const,
  };
  const step: LlmStep = {
    ...rest,
    effect: true,
    kind: 'llm',
    request: readRequest(place, given),
    tools: tools.map(({ name }) => name),
    ...(output_schema && { output_schema }),
    max_turns: turns ?? LLM.max_turns.default,
    steps: [turn, ...tools.map((tool) => tool.step)],
  };
  return { step, result: resultOf(output_schema) };
}

function readRequest(place: Place, given: Fields): JsonObject {
  const keys = ['prompt', 'system', 'model'] as const;
  const texts = keys.flatMap((key) => {
    const node = given.get(key);
    return node ? [[key, readPrompt(place, node, `"${key}"`)] as const] : [];
  });
  return Object.fromEntries(texts);
}

/** Reads a prompt. Secrets are not replaced in it, because prompts are sent to the provider of the model. */
function readPrompt(place: Place, node: Node, what: string) {
  const text = readText(place.report, node, what);
  if (text?.trim() === '') place.report.add('invalid_value', node, `${what} is empty`);
  if (!text?.includes(SECRET_SCHEME)) return readTemplate(place, node);
  const message = `${what} refers to a secret, which would be sent to the provider of the model`;
  const hint = 'remove it; a tool that needs the secret can read it itself';
  place.report.add('secret_to_model', node, message, hint);
  return text;
}

function checkModel(place: Place, given: Fields, fields: Fields): void {
  const { report } = place;
  const { models } = place.catalog;
  const node = given.get('model');
  const name = node?.type === 'scalar' ? String(node.value) : models?.default;
  const literal = name !== undefined && !name.includes('{{') ? name : undefined;
  checkRight(place, CALLS.llm.right, name, 'an llm step', fields.at('llm'));
  if (!models || (node && literal === undefined) || literal === INTENT_MODEL) return;
  if (literal !== undefined && models.names.has(literal)) return;
  const at = node ?? fields.at('llm');
  const configure = 'configure it in mission.yaml under models';
  if (models.names.size === 0) {
    report.add('unknown_model', at, 'no model is configured', configure);
  } else if (node) {
    const hint = didYouMean(literal!, models.names) ?? configure;
    report.add('unknown_model', node, `there is no model "${literal}"`, hint);
  } else {
    const hint = `write model: with one of ${[...models.names].join(', ')}, or name one of them default`;
    report.add('unknown_model', at, 'the step does not say which model to use', hint);
  }
}

function resultOf(schema: JsonObject | undefined): ResultFields {
  if (!schema) return fieldsOf({ text: STRING });
  const { properties, additionalProperties } = schema;
  const known = new Set(isObject(properties) ? Object.keys(properties) : []);
  return {
    ...ANY_FIELDS,
    known,
    anything: additionalProperties !== false,
    type: schemaType(schema),
  };
}
