/** The run goes on in a new history; everything that is known travels with it. */
export class ContinueSignal extends Error {}
