/** Somebody who may decide what runs ask: the holder of a key. */
export interface Approver {
  actor: string;
  role: string;
}
