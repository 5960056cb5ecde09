/** A syntax error in an expression or template, with the data of a finding. */
export class ExpressionSyntaxError extends Error {
  override readonly name = 'ExpressionSyntaxError';

  /**
   * @param offset position in the text, in UTF-16 units from 0
   * @param hint the remedy
   * @param code code of the finding
   */
  constructor(
    message: string,
    readonly offset: number,
    readonly hint?: string,
    readonly code: 'expression_syntax' | 'unknown_function' = 'expression_syntax',
  ) {
    super(message);
  }
}
