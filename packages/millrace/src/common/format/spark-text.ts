/**
 * A record as `print()` and `saveAsTextFile` write it: texts and numbers as they are, pairs and other arrays
 * as `(a,b)`, absent values as `null`, plain objects as JSON, and whatever has a text of its own by that.
 */
export function sparkText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "undefined":
      return "null";
    case "object":
      return value === null ? "null" : objectText(value);
    default:
      return String(value);
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `(${value.map(sparkText).join(",")})`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Map) {
    return `Map(${Array.from(value, ([key, item]) => `${sparkText(key)} -> ${sparkText(item)}`).join(", ")})`;
  }
  if (value instanceof Set) return `Set(${Array.from(value, sparkText).join(", ")})`;
  const text: unknown = value.toString;
  return text === Object.prototype.toString || typeof text !== "function" ? jsonText(value) : String(value);
}

function jsonText(value: object): string {
  try {
    return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? String(item) : item)) ?? "null";
  } catch {
    // A cycle: its tag is better than an error in an output.
    return "[object Object]";
  }
}
