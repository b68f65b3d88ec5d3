/**
 * A copy of a combined value that shares nothing with the original, so that merging may change it in
 * place: blocks of a shuffle within one thread are plain references and may be read again by another job.
 * Instances of classes keep their class; their private fields cannot be copied.
 */
export function ownCombined(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ownCombined);
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [ownCombined(key), ownCombined(item)]));
  }
  if (value instanceof Set) return new Set(Array.from(value, ownCombined));
  if (value instanceof Date || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return structuredClone(value);
  }
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value));
  for (const [key, item] of Object.entries(value)) copy[key] = ownCombined(item);
  return copy;
}
