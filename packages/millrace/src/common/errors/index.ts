export { type ErrorCode, type ErrorKind, errorTable } from "./codes.ts";
export {
  type ErrorDetails,
  IllegalArgumentException,
  IllegalStateException,
  MillraceError,
  millraceError,
  NumberFormatException,
  SparkException,
  UnsupportedOperationException,
} from "./millrace-error.ts";
