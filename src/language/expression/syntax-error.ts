/** A mistake in the text of an expression or template, as data for the checker. */
export class ExpressionSyntaxError extends Error {
  override readonly name = 'ExpressionSyntaxError';

  /**
   * @param offset where in the text, in UTF-16 units from 0
   * @param hint what to do about it
   * @param code the diagnostic's code
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
