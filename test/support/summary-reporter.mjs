/** Ends the output with one plain line that any CI can parse. */
export default class SummaryReporter {
  onRunComplete(
    _contexts,
    { numPassedTests, numFailedTests, numPendingTests, numTodoTests, ...rest },
  ) {
    const failed = numFailedTests + rest.numRuntimeErrorTestSuites;
    const skipped = numPendingTests + numTodoTests;
    this.line = `${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    process.on('exit', () => console.log(this.line));
  }
}
