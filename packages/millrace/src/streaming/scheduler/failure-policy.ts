/**
 * What becomes of a batch that failed. `stop`: the context stops, and the batch runs again when it is restarted;
 * `continue`: later batches go on, the batch runs again after a restart; `retry`: its outputs are tried again, and
 * then `stop`; `deadLetter`: it is described in a file of its own and given up.
 */
export type FailurePolicy = "stop" | "continue" | "retry" | "deadLetter";
