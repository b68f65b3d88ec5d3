import { reviveClass } from "../../closure/index.ts";
import { decodeBlock, encodeForThread } from "../../task/codec/columns.ts";
import { withInstances } from "../../task/codec/instances.ts";
import type { EncodedBlock } from "../../task/shuffle-block.ts";

/** A result as it goes to the driver: encoded when it holds instances of classes, which a plain message would lose. */
export interface WireResult {
  readonly result: unknown;
  readonly encoded?: EncodedBlock;
}

/** @throws MR_RECORD_UNSHIPPABLE when the result cannot leave its thread */
export function toWireResult(result: unknown): WireResult {
  const records = Array.isArray(result) ? result : [result];
  if (withInstances(records, new Map()) === undefined) return { result };
  return { result: undefined, encoded: encodeForThread({ kind: "records", records: [result] }) };
}

/** The result again. @throws MR_CLOSURE_REVIVE when a class cannot be made here */
export async function fromWireResult(encoded: EncodedBlock): Promise<unknown> {
  for (const shipped of encoded.classes ?? []) await reviveClass(shipped);
  const block = decodeBlock(encoded);
  return block.kind === "records" ? block.records[0] : undefined;
}
