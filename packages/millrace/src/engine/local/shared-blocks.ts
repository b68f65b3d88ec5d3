import type { TaskInput } from "../../task/spec.ts";

/** Bytes of received blocks that a task reads in memory shared with the driver. */
export function sharedBytesOf(input: TaskInput): number {
  switch (input.op) {
    case "read":
      return bytesOf(input.split);
    case "concat":
    case "zip":
      return input.inputs.reduce((sum, part) => sum + sharedBytesOf(part), 0);
    case "steps":
    case "aggregate":
      return sharedBytesOf(input.input);
    default:
      return 0;
  }
}

function bytesOf(split: unknown): number {
  const { bytes } = (split ?? {}) as { readonly bytes?: unknown };
  return bytes instanceof Uint8Array && bytes.buffer instanceof SharedArrayBuffer ? bytes.length : 0;
}
