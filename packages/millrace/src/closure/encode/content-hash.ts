import { createHash } from "node:crypto";
import type { ShippedClosure } from "../shipped.ts";

/** Shared memory is known by identity: two pieces with equal contents, all zeros say, are not the same. */
const sharedIds = new WeakMap<ArrayBufferLike, number>();
let lastSharedId = 0;

/** The name of a function's code and values: 22 letters, digits, `-` and `_`. */
export function contentHash({ root, nodes, codes, binary }: Omit<ShippedClosure, "hash">): string {
  const own = nodes.map(node => (node.kind === "class" ? { kind: "class", hash: node.closure.hash } : node));
  const hash = createHash("sha256").update(JSON.stringify([root, own, codes]));
  for (const bytes of binary) {
    if (bytes.buffer instanceof SharedArrayBuffer) hash.update(`shared ${sharedId(bytes.buffer)};`);
    else hash.update(`${bytes.length};`).update(bytes);
  }
  return hash.digest("base64url").slice(0, 22);
}

function sharedId(buffer: SharedArrayBuffer): number {
  let id = sharedIds.get(buffer);
  if (id === undefined) {
    id = ++lastSharedId;
    sharedIds.set(buffer, id);
  }
  return id;
}
