/** Thrown when an expression must look inside a value that is held by reference and is not at hand here. */
export class NeedsValue extends Error {
  override readonly name = 'NeedsValue';

  /** @param hash SHA-256 (64 hex digits) of the blob that has to be fetched first */
  constructor(readonly hash: string) {
    super(`the value ${hash} is held by reference and is needed here`);
  }
}
