/** What V8 spends on a value beside its contents. */
const OBJECT_BYTES = 24;
const SLOT_BYTES = 8;
const ENTRY_BYTES = 48;
/** Parts of a collection that are looked at. */
const SAMPLES = 8;
const MAX_DEPTH = 4;

/**
 * About how many bytes of the heap a value takes. Of large collections some parts are looked at, of deep structures the
 * upper levels: it is asked often and must be quick.
 */
export function sizeEstimate(value: unknown, depth = 0): number {
  switch (typeof value) {
    case "string":
      return OBJECT_BYTES + value.length * bytesPerCharacter(value);
    case "number":
      return SLOT_BYTES;
    case "object":
      return value === null ? SLOT_BYTES : depth >= MAX_DEPTH ? 2 * ENTRY_BYTES : sizeOfObject(value, depth);
    default:
      return SLOT_BYTES;
  }
}

/** V8 stores a string with one byte a character when all of them fit; most texts show in their middle what they are. */
function bytesPerCharacter(text: string): number {
  return text.charCodeAt(text.length >> 1) > 0xff ? 2 : 1;
}

function sizeOfObject(value: object, depth: number): number {
  if (Array.isArray(value)) {
    return 2 * OBJECT_BYTES + value.length * SLOT_BYTES + sampled(value, depth);
  }
  if (ArrayBuffer.isView(value)) return 4 * OBJECT_BYTES + value.byteLength;
  if (value instanceof ArrayBuffer) return 4 * OBJECT_BYTES + value.byteLength;
  if (value instanceof Map) {
    const inside = Math.min(value.size, SAMPLES);
    let bytes = 0;
    let seen = 0;
    for (const [key, entry] of value) {
      if (seen === inside) break;
      seen += 1;
      bytes += sizeEstimate(key, depth + 1) + sizeEstimate(entry, depth + 1);
    }
    return 2 * OBJECT_BYTES + value.size * (ENTRY_BYTES + bytes / Math.max(1, inside));
  }
  if (value instanceof Set) {
    const first = value.values().next().value;
    return 2 * OBJECT_BYTES + value.size * (ENTRY_BYTES + sizeEstimate(first, depth + 1));
  }
  const parts = Object.values(value);
  return OBJECT_BYTES + parts.length * SLOT_BYTES + sampled(parts, depth);
}

/** What the elements take beside their slots, judged by some of them. */
function sampled(values: readonly unknown[], depth: number): number {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  let bytes = 0;
  let seen = 0;
  for (let at = 0; at < values.length; at += step) {
    const value = values[at];
    if (typeof value !== "number") bytes += sizeEstimate(value, depth + 1);
    seen += 1;
  }
  return seen === 0 ? 0 : (bytes * values.length) / seen;
}
