import { types } from "node:util";
import { type Unshippable, unshippable } from "../closure-types.ts";
import { handleOf } from "../handles.ts";
import {
  type Capture,
  describeFunction,
  type FunctionDescription,
  isObstacle,
  moduleUrl,
  type Obstacle,
  thisOf,
} from "../inspect/describe-function.ts";
import { resolveImport } from "../resolve-import.ts";
import type { WireNode, WireValue } from "../shipped.ts";
import { heritageName, importerName, importMetaName, rewriteText } from "../syntax/rewrite-text.ts";
import { encodeProperties } from "./encode-properties.ts";
import type { Encoder } from "./encoder.ts";
import { type Origin, placeOf, refuse, refuseFunction } from "./origin.ts";

/** Encodes a function that is no reference: its code, and its variables as they are now. */
export function encodeFunction(encoder: Encoder, fn: object, origin: Origin | undefined): WireNode {
  const description = describeFunction(fn);
  if (isObstacle(description)) return refuseFunction(encoder.context, description, origin);
  if (description.url.startsWith("node:")) return refuseFunction(encoder.context, ofNode(fn), origin);
  if (!description.constant) encoder.stable = false;
  const self = thisOf(fn, description);
  if (self !== undefined && isObstacle(self)) return refuseFunction(encoder.context, self, origin);
  const { syntax, captures, url, line, column, strict } = description;
  warn(encoder, description);
  const names = captures.map(capture => capture.variable.name);
  const values = captures.map(capture => encodeCapture(encoder, description, capture, origin));
  if (syntax.surroundings.metas.length > 0) {
    names.push(importMetaName);
    values.push(encoder.add({ kind: "importMeta", url: moduleUrl(url) }));
  }
  if (syntax.surroundings.dynamicImports.length > 0) {
    names.push(importerName);
    values.push(encoder.add({ kind: "importer", base: moduleUrl(url) }));
  }
  const code = encoder.code({
    text: rewriteText(syntax),
    member: syntax.kind === "method",
    strict,
    names,
    eager: captures.flatMap(({ variable }, index) => (variable.eager ? [index] : [])),
    url,
    line,
    column,
  });
  const props = encodeProperties(encoder, fn, origin, ownEnumerable(fn));
  if (props.props !== undefined) encoder.stable = false;
  return {
    kind: "function",
    code,
    captures: values,
    name: nameOf(fn),
    ...(self === undefined
      ? {}
      : {
          this: encoder.value(
            self.value,
            capturedOrigin(origin, description, "this", syntax.surroundings.this ?? 0),
          ),
        }),
    ...props,
    ...prototypeOf(encoder, fn, syntax.kind, origin),
  };
}

function encodeCapture(
  encoder: Encoder,
  description: FunctionDescription,
  { variable, value, imported }: Capture,
  parent: Origin | undefined,
): WireValue {
  const label = variable.name === heritageName ? "extends" : variable.name;
  const origin = capturedOrigin(parent, description, label, variable.use);
  const base = moduleUrl(description.url);
  if (imported !== undefined) {
    refuseMarked(encoder, value, origin);
    // A handle is this very one; importing its module again would make another.
    if (isObject(value) && handleOf(value) !== undefined) return encoder.value(value, origin);
    return encoder.imported(value, importOf(imported, base));
  }
  if (variable.name === "require" && isRequire(value))
    return encoder.imported(value, { kind: "require", base });
  return encoder.value(value, origin);
}

function capturedOrigin(
  parent: Origin | undefined,
  by: FunctionDescription,
  label: string,
  at: number,
): Origin {
  return { parent, label, captured: { by, at } };
}

/** An import's value never travels, so only what must not exist twice is looked for. */
function refuseMarked(encoder: Encoder, value: unknown, origin: Origin): void {
  const marked = isObject(value)
    ? (value as { readonly [unshippable]?: Unshippable })[unshippable]
    : undefined;
  if (marked !== undefined)
    refuse("MR_CLOSURE_UNSHIPPABLE", encoder.context, origin, marked.what, marked.advice);
}

/** What cannot be resolved here may be there where the function runs. */
function importOf({ specifier, exported }: NonNullable<Capture["imported"]>, base: string): WireNode {
  try {
    return { kind: "import", specifier: resolveImport(specifier, base), exported, base: "" };
  } catch {
    return { kind: "import", specifier, exported, base };
  }
}

function isRequire(value: unknown): value is object {
  return typeof value === "function" && "resolve" in value && "cache" in value;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function nameOf(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, "name")?.value;
  return typeof name === "string" ? name : "";
}

function ofNode(fn: object): Obstacle {
  const what = `the function ${nameOf(fn) || "without a name"} of Node itself`;
  return { kind: "native", what, advice: "Wrap it in an arrow function of your own: x => f(x)." };
}

function ownEnumerable(fn: object): PropertyKey[] {
  return Reflect.ownKeys(fn).filter(key => Object.prototype.propertyIsEnumerable.call(fn, key));
}

/** Methods and a parent added to a function's `prototype` by hand; a class's are in its source. */
function prototypeOf(
  encoder: Encoder,
  fn: object,
  kind: FunctionDescription["syntax"]["kind"],
  origin: Origin | undefined,
): { readonly prototype?: WireValue } {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, "prototype")?.value;
  if (kind !== "function" || !isObject(prototype) || types.isGeneratorFunction(fn)) return {};
  const isUntouched =
    Reflect.ownKeys(prototype).length === 1 && Object.getPrototypeOf(prototype) === Object.prototype;
  return isUntouched ? {} : { prototype: encoder.value(prototype, { parent: origin, label: ".prototype" }) };
}

function warn(encoder: Encoder, description: FunctionDescription): void {
  for (const { variable, imported } of description.captures) {
    if (variable.assignment === undefined || imported !== undefined) continue;
    const { file, line, text } = placeOf(description, variable.assignment);
    const { operator, site } = encoder.context;
    const message =
      `${operator}${site === undefined ? "" : ` at ${site}`}: the function assigns ${variable.name} (${text}), ` +
      `which it captures: every task assigns a copy of its own, and the program's ${variable.name} may stay as it is. ` +
      "Use an accumulator, or return the value.";
    encoder.warnings.push({ variable: variable.name, file, line, message });
  }
}
