import { millraceError } from "../../common/errors/index.ts";
import type { StreamNode } from "./stream-node.ts";

/**
 * Checks that a window and its slide are whole numbers of the parent's slides.
 * @param name how the message calls the stream, such as `windowed DStream`
 * @throws MR_STREAMING_DURATION
 */
export function checkWindow(
  name: string,
  parent: StreamNode<unknown>,
  windowMs: number,
  slideMs: number,
): void {
  check(`The window duration of ${name} (${windowMs} ms)`, windowMs, parent);
  check(`The slide duration of ${name} (${slideMs} ms)`, slideMs, parent);
}

function check(subject: string, durationMs: number, parent: StreamNode<unknown>): void {
  if (durationMs % parent.slideMs === 0) return;
  throw millraceError(
    "MR_STREAMING_DURATION",
    `${subject} must be a multiple of the slide duration of parent DStream (${parent.slideMs} ms)`,
  );
}
