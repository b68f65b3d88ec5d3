export { type ErrorCode, type ErrorKind, errorTable } from "./codes.ts";
export {
  type ErrorDetails,
  IllegalArgumentException,
  IllegalStateException,
  MillraceError,
  millraceError,
  NoSuchElementException,
  NumberFormatException,
  SparkException,
  UnsupportedOperationException,
} from "./millrace-error.ts";
