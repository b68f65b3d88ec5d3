/** A value and where what follows it begins. */
export interface Decoded<V> {
  readonly value: V;
  readonly end: number;
}

/** How many bytes an integer of Hadoop's variable form has, by its first. */
export function variableIntSize(first: number): number {
  if (first >= -112) return 1;
  return first >= -120 ? -111 - first : -119 - first;
}

/** An integer of Hadoop's variable form (`ByteBuffer.variableInt`). */
export function readVariableInt(bytes: Buffer, at: number): Decoded<bigint> {
  const first = bytes.readInt8(at);
  const end = at + variableIntSize(first);
  if (end === at + 1) return { value: BigInt(first), end };
  let value = 0n;
  for (let i = at + 1; i < end; i++) value = (value << 8n) | BigInt(bytes.readUInt8(i));
  return { value: first < -120 ? ~value : value, end };
}

/** UTF-8 after its length in bytes. */
export function readText(bytes: Buffer, at: number): Decoded<string> {
  const length = readVariableInt(bytes, at);
  const end = length.end + Number(length.value);
  if (end > bytes.length) throw new RangeError("a text is longer than what holds it");
  return { value: bytes.toString("utf8", length.end, end), end };
}
