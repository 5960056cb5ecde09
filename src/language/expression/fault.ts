/** A failure inside an evaluation; {@link evaluate} adds the expression and its values and makes it a MissionError. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
