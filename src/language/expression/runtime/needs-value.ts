/** Thrown when an expression must look inside a value by reference that is not available here. */
export class NeedsValue extends Error {
  override readonly name = 'NeedsValue';

  /** @param hash SHA-256 (64 hex digits) of the blob to fetch first */
  constructor(readonly hash: string) {
    super(`the large value ${hash} is stored by reference and must be loaded to be used here`);
  }
}
