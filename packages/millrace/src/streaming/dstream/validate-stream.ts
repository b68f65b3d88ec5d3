import { millraceError } from "../../common/errors/index.ts";
import type { StreamNode } from "./stream-node.ts";

/**
 * Checks a stream's checkpoint settings before the first batch.
 * @throws MR_STREAMING_CHECKPOINT
 */
export function validateStream(stream: StreamNode<unknown>, checkpointDir: string | undefined): void {
  const { checkpointMs, slideMs, rememberMs = 0 } = stream;
  if (!stream.needsCheckpointDir) return;
  const refuse = (message: string, hint: string): never => {
    throw millraceError("MR_STREAMING_CHECKPOINT", message, {
      hint,
      operator: stream.operator.kind,
      site: stream.site.text,
    });
  };
  if (checkpointDir === undefined) {
    refuse(
      "The checkpoint directory has not been set. Please set it by StreamingContext.checkpoint().",
      'Call ssc.checkpoint("directory") before start(): this operation builds on its own earlier results.',
    );
  }
  if (checkpointMs === undefined) return;
  if (checkpointMs < slideMs) {
    refuse(
      `The checkpoint interval has been set to ${checkpointMs} ms which is lower than its slide time (${slideMs} ms)`,
      `Set it to at least ${slideMs} ms.`,
    );
  }
  if (checkpointMs % slideMs !== 0) {
    refuse(
      `The checkpoint interval has been set to ${checkpointMs} ms which is not a multiple of its slide time (${slideMs} ms)`,
      `Set it to a multiple of ${slideMs} ms.`,
    );
  }
  if (!stream.storageLevel.isValid) {
    refuse(
      "The stream has been marked for checkpointing but the storage level has not been set to enable persisting",
      "Use persist() with a storage level other than NONE.",
    );
  }
  if (rememberMs <= checkpointMs) {
    refuse(
      `The remember duration has been set to ${rememberMs} ms which is not more than the checkpoint interval (${checkpointMs} ms)`,
      `Let the context remember for more than ${checkpointMs} ms.`,
    );
  }
}
