import { types } from "node:util";
import { type AnyFunction, type Unshippable, unshippable } from "../closure-types.ts";
import { isBuiltin } from "../inspect/describe-function.ts";
import { functionSyntax } from "../syntax/function-syntax.ts";

const createInside = "Create it inside the function, or once per executor, and capture plain data instead.";

const brands: readonly (readonly [(value: object) => boolean, string, string])[] = [
  [types.isPromise, "a Promise", "Await it before, and capture its value."],
  [
    value => types.isWeakMap(value) || types.isWeakSet(value),
    "a weak collection",
    "Capture a Map or Set instead.",
  ],
  [value => value instanceof WeakRef, "a WeakRef", "Capture the object itself."],
  [
    types.isGeneratorObject,
    "a generator that runs",
    "Capture the generator function, or an array of what it yields.",
  ],
  [isIterator, "an iterator", "Capture what it iterates over, or an array of what it yields."],
  [types.isExternal, "a native handle", createInside],
];

/** Why an object cannot be copied, if so. */
export function unshippableReason(value: object): Unshippable | undefined {
  const marked = (value as Partial<Record<typeof unshippable, Unshippable>>)[unshippable];
  if (marked !== undefined) return marked;
  for (const [test, what, advice] of brands) if (test(value)) return { what, advice };
  return undefined;
}

/**
 * Why instances with this prototype cannot be copied: classes of Node and V8 keep their state where nobody
 * can read it, and so do classes with `#private` members.
 *
 * @param own the prototype of the kind of object that is copied with its contents, such as `Map.prototype`
 */
export function unshippablePrototype(prototype: object, own: object): Unshippable | undefined {
  for (let at: object | null = prototype; at !== null && at !== own; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype) return undefined;
    const maker = ownConstructor(at);
    if (maker === undefined) continue;
    if (isBuiltin(maker)) {
      if (maker.prototype instanceof Error || maker === Error) return undefined;
      return { what: withArticle(maker.name), advice: createInside };
    }
    const member = functionSyntax(Function.prototype.toString.call(maker))?.privateMember;
    if (member !== undefined)
      return {
        what: `an instance of ${maker.name || "a class"}, whose ${member} cannot be read from outside`,
        advice: `Create it inside the function, or declare ${member.slice(1)} as "private ${member.slice(1)}".`,
      };
  }
  return undefined;
}

/** The function whose `prototype` an object is. */
export function ownConstructor(
  prototype: object,
): (AnyFunction & { readonly prototype: object }) | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const isOwn = typeof maker === "function" && maker.prototype === prototype;
  return isOwn ? (maker as AnyFunction & { readonly prototype: object }) : undefined;
}

/** "a Socket", "an Agent". */
export function withArticle(name: string): string {
  if (name === "") return "a native object";
  return `${/^[AEIO]/i.test(name) ? "an" : "a"} ${name}`;
}

function isIterator(value: object): boolean {
  if (types.isMapIterator(value) || types.isSetIterator(value)) return true;
  return / (Iterator|Iterator Helper)\]$/.test(Object.prototype.toString.call(value));
}
