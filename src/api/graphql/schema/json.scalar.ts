import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped, visit } from 'graphql';
import { MissionError } from '../../../contracts/errors.js';
import { sentence } from '../../../contracts/exact-json.js';
import { numberProblem } from '../../../contracts/json/number-problem.js';

/** Any JSON value. Numbers in literals are checked here, numbers in variables where the text of the request is read. */
export const GraphQLJson = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => {
    checkNumbers(node);
    return valueFromASTUntyped(node, variables);
  },
});

function checkNumbers(node: ValueNode): void {
  const check = ({ value }: { value: string }) => {
    const problem = numberProblem(value);
    if (problem) throw new MissionError('input_invalid', `${sentence({ ...problem, path: '' })}.`);
  };
  visit(node, { [Kind.INT]: check, [Kind.FLOAT]: check });
}
