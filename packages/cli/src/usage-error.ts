/** The command line made no sense: the message says why, and no stack is shown. */
export class UsageError extends Error {
  override name = "UsageError";
}
