import type { Json } from '../../../contracts/json/json.js';

export type UnaryOperator = '-' | 'not';
export type BinaryOperator =
  '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | '+' | '-' | '*' | '/' | '%';

/** The syntax tree of an expression. Offsets are UTF-16 units in the expression's text. */
export type Expression =
  | { type: 'literal'; value: Json; offset: number }
  | { type: 'name'; name: string; offset: number }
  | { type: 'index'; object: Expression; key: Expression; offset: number }
  | { type: 'unary'; operator: UnaryOperator; operand: Expression; offset: number }
  | {
      type: 'binary';
      operator: BinaryOperator;
      left: Expression;
      right: Expression;
      offset: number;
    }
  | { type: 'logical'; operator: 'and' | 'or'; left: Expression; right: Expression; offset: number }
  | { type: 'choice'; test: Expression; then: Expression; else: Expression; offset: number }
  | { type: 'list'; items: Expression[]; offset: number }
  | { type: 'map'; entries: [string, Expression][]; offset: number }
  | { type: 'call'; name: string; arguments: Expression[]; offset: number };
