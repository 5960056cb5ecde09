/** A failure inside an evaluation; {@link evaluate} adds the expression and its values and makes it a MissionError. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** An evaluation has used up its steps, or made more than it may. */
export class Exhausted extends Fault {}
