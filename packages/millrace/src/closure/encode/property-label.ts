/** A property as one writes it after the object: `.name`, `[0]`, `["a b"]`, `[Symbol(x)]`. */
export function propertyLabel(key: PropertyKey): string {
  if (typeof key === "symbol") return `[${String(key)}]`;
  if (typeof key === "number" || /^(0|[1-9]\d*)$/.test(key)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
