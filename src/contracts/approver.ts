/** The holder of an API key who may answer approval requests. */
export interface Approver {
  actor: string;
  role: string;
}
