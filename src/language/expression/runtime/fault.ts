/**
 * A failure inside an evaluation. {@link evaluate} converts it to a MissionError with the expression and its values.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** An evaluation exceeded its budget of steps or size. */
export class Exhausted extends Fault {}
