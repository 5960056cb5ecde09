/** Thrown to unwind the interpreter when the run continues as new; the state of the run goes into the next input. */
export class ContinueSignal extends Error {}
