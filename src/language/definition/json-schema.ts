import type { Json, JsonObject } from '../../contracts/json/json.js';
import { ACTIONS, besideOf, KNOWN_ACTIONS, ownersOf } from './actions.js';
import { DIRECTIVE } from './header.js';
import type { KeyRule, Keys, ValueRule } from './key.js';
import { STEP } from './step.js';
import { TEST_FILE } from './test-file.js';

/**
 * The JSON Schema of directives, in draft-07, which every YAML language server supports. It checks the structure as the
 * parser does; only `mission validate` checks names, expressions and rights.
 */
export function directiveSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'directive',
    ...mapOf({ keys: DIRECTIVE }),
    definitions: {
      step: stepSchema(),
      steps: STEPS,
    },
  };
}

/** The JSON Schema of test files, in draft-07. */
export const testSchema = (): JsonObject => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'tests',
  ...mapOf({ keys: TEST_FILE }),
});

const STEP_REF: JsonObject = { $ref: '#/definitions/step' };
/** Schema of steps. It uses `if`, because editors report both alternatives of a failed `anyOf`. */
const STEPS: JsonObject = {
  type: ['object', 'array'],
  if: { type: 'array' },
  then: { items: STEP_REF, minItems: 1 },
  else: STEP_REF,
};
const EXPRESSION: JsonObject = {
  type: 'string',
  pattern: '^\\s*\\{\\{[\\s\\S]*\\}\\}\\s*$',
  patternErrorMessage: 'write one expression: "{{ … }}"',
};

/** Message of YAML language servers for a step without an action. */
const ONE_ACTION = `a step does one thing: add one of ${KNOWN_ACTIONS.join(', ')}`;

/**
 * Schema of one step. All keys are in one flat list, so that editors complete them; further rules tie keys to actions.
 */
function stepSchema(): JsonObject {
  const beside = Object.assign({}, ...KNOWN_ACTIONS.map(besideOf)) as Keys;
  return {
    type: 'object',
    title: 'step',
    properties: { ...actionProperties(), ...propertiesOf(STEP), ...propertiesOf(beside) },
    additionalProperties: false,
    oneOf: each(KNOWN_ACTIONS).map((one) => ({ ...one, errorMessage: ONE_ACTION })),
    dependencies: { ...ownerships(beside), ...obligations() },
  };
}

const actionProperties = (): JsonObject =>
  Object.fromEntries(
    KNOWN_ACTIONS.map((action) => {
      const { description, value, right, result } = ACTIONS[action]!;
      const facts = [right && `Permission: \`${right}\`.`, result && `Result: ${result}.`];
      const told = [description, ...facts].filter(Boolean).join('\n\n');
      return [
        action,
        { title: action, ...schemaOf(value), description, markdownDescription: told },
      ];
    }),
  );

/** Rules that a key of some actions requires one of these actions. */
const ownerships = (beside: Keys): JsonObject =>
  Object.fromEntries(
    Object.keys(beside).map((key) => {
      const owners = ownersOf(key);
      return [key, owners.length === 1 ? owners : { anyOf: each(owners) }];
    }),
  );

/** Rules that an action requires its required keys. */
const obligations = (): JsonObject =>
  Object.fromEntries(
    KNOWN_ACTIONS.map((action) => [action, obligatory(besideOf(action))] as const).filter(
      ([, keys]) => keys.length > 0,
    ),
  );

const obligatory = (keys: Keys): string[] => Object.keys(keys).filter((key) => keys[key]!.required);

function mapOf({ keys, one, some }: Omit<ValueRule & { type: 'map' }, 'type'>): JsonObject {
  const required = obligatory(keys);
  const needs = Object.entries(keys).filter(([, rule]) => rule.needs !== undefined);
  return {
    type: 'object',
    properties: propertiesOf(keys),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(one && { oneOf: each(one) }),
    ...(some && { anyOf: each(some) }),
    ...(needs.length > 0 && {
      dependencies: Object.fromEntries(needs.map(([key, rule]) => [key, [rule.needs!]])),
    }),
  };
}

const each = (keys: readonly string[]): JsonObject[] => keys.map((key) => ({ required: [key] }));

const propertiesOf = (keys: Keys): JsonObject =>
  Object.fromEntries(Object.entries(keys).map(([key, rule]) => [key, property(key, rule)]));

/** Schema of one key. The title is set because editors show it above the description. */
function property(key: string, rule: KeyRule): JsonObject {
  const { description, example } = rule;
  return {
    title: key,
    ...schemaOf(rule),
    description,
    ...(rule.default !== undefined && { default: rule.default }),
    ...(example !== undefined && { examples: [example] as Json[] }),
  };
}

function schemaOf(rule: ValueRule): JsonObject {
  switch (rule.type) {
    case 'text':
      return textSchema(rule);
    case 'boolean':
    case 'null':
      return { type: rule.type };
    case 'number':
      return numberSchema(rule);
    case 'choice':
      return { type: 'string', enum: [...rule.choices] };
    case 'expression':
      return EXPRESSION;
    case 'value':
      return {};
    case 'list':
      return {
        type: 'array',
        items: schemaOf(rule.of),
        ...(rule.least && { minItems: rule.least }),
      };
    case 'map':
      return mapOf(rule);
    case 'names':
      return namesSchema(rule);
    case 'steps':
      return { $ref: '#/definitions/steps' };
    case 'either':
      return { anyOf: rule.of.map(schemaOf) };
  }
}

/** Schema of a text. YAML language servers show `patternErrorMessage` instead of the pattern. */
const textSchema = ({ pattern, hint }: ValueRule & { type: 'text' }): JsonObject => ({
  type: 'string',
  ...(pattern && { pattern: pattern.source }),
  ...(hint !== undefined && { patternErrorMessage: hint }),
});

const numberSchema = ({
  integer,
  above,
  least,
  most,
}: ValueRule & { type: 'number' }): JsonObject => ({
  type: integer ? 'integer' : 'number',
  ...(above !== undefined && { exclusiveMinimum: above }),
  ...(least !== undefined && { minimum: least }),
  ...(most !== undefined && { maximum: most }),
});

const namesSchema = ({ of, pattern }: ValueRule & { type: 'names' }): JsonObject => ({
  type: 'object',
  additionalProperties: schemaOf(of),
  ...(pattern && { propertyNames: { pattern: pattern.source } }),
});
