import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseValue } from 'graphql';
import { GraphQLJson } from '../src/api/graphql/schema/json.scalar.js';
import { checkNumbers } from '../src/api/http/body.js';
import { readInputs, readValue } from '../src/cli/terminal/inputs.js';
import { numberProblem } from '../src/contracts/json/number-problem.js';
import { compileDirective } from '../src/language/compile/compile.js';
import { render } from '../src/language/expression/template.js';
import { parseServerText } from '../src/tools/mcp/wire/server-text.js';
import { answerSchema } from '../src/tools/models/answers/answer-schema.js';
import { parseExactBody } from '../src/tools/models/answers/exact-body.js';
import { argumentsText, readArguments } from '../src/tools/models/providers/call-arguments.js';
import { parseRunnerFrame } from '../src/tools/scripts/processes/script-json.js';
import { ShellResult } from '../src/tools/scripts/processes/shell-result.js';
import { CATALOG } from './language/catalog.js';
import { scopeOf } from './language/scope.js';

const anyAnswer = await answerSchema({});
const scope = scopeOf({}, {});
const evaluated = (expression: string) => render(`{{ ${expression} }}`, scope);

/** A default of a directive's input. */
function literal(text: string): unknown {
  const head = 'name: a\nversion: 1.0.0\ndescription: d\npermissions: []\n';
  const source = `${head}inputs: { n: { default: ${text} } }\nsteps: [{ return: 1 }]\n`;
  const { plan, diagnostics } = compileDirective(source, CATALOG);
  if (!plan) throw new Error(diagnostics[0]!.code);
  return plan.inputs['n']!.default;
}

function body(text: string): unknown {
  const source = `{"inputs": {"n": ${text}}}`;
  const value = JSON.parse(source);
  checkNumbers(source, value);
  return value.inputs.n;
}

function printed(text: string): unknown {
  const result = new ShellResult(() => undefined);
  result.push(`{"n": ${text}}`);
  result.end();
  if (result.problem !== undefined) throw new Error(result.problem);
  return result.value!['n'];
}

function returned(text: string): unknown {
  const frame = parseRunnerFrame(`{"id": 1, "result": {"n": ${text}}, "rss": 1}`) as any;
  if (frame.error) throw new Error(frame.error.message);
  return frame.result.n;
}

/** What a model wants a tool to be called with, as text. */
function wanted(text: string): unknown {
  const read = readArguments(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.arguments['n'];
}

function answered(text: string): unknown {
  const read = anyAnswer.read(`{"n": ${text}}`);
  if ('problem' in read) throw new Error(read.problem);
  return read.output['n'];
}

/** Every way in which a number can come in. */
const DOORS: [string, (text: string) => unknown][] = [
  ['a literal of YAML', literal],
  ['a literal of an expression', evaluated],
  ['number()', (text) => evaluated(`number("${text}")`)],
  ['parse_json()', (text) => evaluated(`parse_json("[${text}]")[0]`)],
  ['--input', (text) => readValue('--input n', text, 'number')],
  ['--input without a type', (text) => readValue('--input n', text, undefined)],
  ['--inputs', (text) => readInputs({ inputs: `{"n": ${text}}` }, {})['n']],
  ['the body of a request', body],
  ['the result of a script', returned],
  ['the result of a shell script', printed],
  ['the arguments of a model', (text) => wanted(`{"n": ${text}}`)],
  [
    'arguments that are an object',
    (text) => wanted(argumentsText(parseExactBody(`{"n": ${text}}`))),
  ],
  ['the answer of a model', answered],
  ['a literal of GraphQL', (text) => GraphQLJson.parseLiteral(parseValue(text))],
];

const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String);
const edge = fc.bigInt({ min: 2n ** 53n - 9n, max: 2n ** 53n + 9n }).map(String);
const large = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.nat(400))
  .map(([digits, exponent]) => `${digits}e${exponent}`);
const fraction = fc.tuple(whole, fc.nat()).map(([digits, rest]) => `${digits}.${rest}`);

describe('a number', () => {
  test.each(DOORS)('by %s is kept or refused', (_, door) => {
    fc.assert(
      fc.property(fc.oneof(whole, edge, large, fraction), (text) => {
        if (numberProblem(text)) expect(() => door(text)).toThrow();
        else expect(door(text)).toBe(Number(text));
      }),
    );
  });

  test('of an MCP server is kept, as text where it must be', () => {
    fc.assert(
      fc.property(fc.oneof(whole, edge, large, fraction), (text) => {
        const { n } = parseServerText(`{"n": ${text}}`) as any;
        expect(n).toBe(numberProblem(text) ? text : Number(text));
      }),
    );
  });
});
