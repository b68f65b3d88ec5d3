import { compileFunction } from "node:vm";
import { millraceError } from "../../common/errors/index.ts";
import { BoundedMap } from "../bounded-map.ts";
import type { WireCode } from "../shipped.ts";

/** What a factory makes: the function, or the object literal it is a member of, and setters of its late variables. */
export interface Made {
  readonly value: unknown;
  readonly assign: readonly ((value: unknown) => void)[];
}

/** Makes a function with the given variables; `this` is what arrow functions in it see. */
export type Factory = (this: unknown, ...early: unknown[]) => unknown;

/** Variables of a function whose values exist before it does, and those whose do not, by position. */
export interface Binding {
  readonly early: readonly number[];
  readonly late: readonly number[];
  /** The variable that holds the function itself. */
  readonly self: number | undefined;
}

const factories = new BoundedMap<string, Factory>(2000);

/**
 * Compiles source to a function that makes it. The captured variables are parameters that nothing assigns,
 * which V8 treats as it does constants; the source keeps its file, line and column, so that stack traces
 * show the user's own.
 */
export function compileCode(code: WireCode, binding: Binding): Factory {
  const key = JSON.stringify([code, binding]);
  let factory = factories.get(key);
  if (factory === undefined) {
    factory = compile(code, binding);
    factories.set(key, factory);
  }
  return factory;
}

/** Beyond this, as in minified bundles, a wrong column costs less than a line of blanks. */
const mostBlanks = 2000;

function compile(code: WireCode, { early, late, self }: Binding): Factory {
  const name = (position: number) => code.names[position] ?? "";
  const lateNames = late.map(name);
  const declarations = lateNames.length === 0 ? "" : `let ${lateNames.join(", ")};`;
  const [open, close] = code.member ? ["{", "}"] : ["(", ")"];
  const result = self === undefined ? "__millraceMade" : name(self);
  const setters = lateNames.map(variable => `__millraceValue => { ${variable} = __millraceValue; }`);
  const blanks = " ".repeat(code.column > mostBlanks ? 0 : code.column);
  const source = [
    `${code.strict ? '"use strict";' : ""}${declarations} let ${result} = ${open}`,
    `${blanks}${code.text}`,
    `${close}; return { value: ${result}, assign: [${setters.join(", ")}] };`,
  ].join("\n");
  try {
    return compileFunction(source, early.map(name), {
      filename: code.url === "" ? "closure" : code.url,
      lineOffset: code.line - 1,
    }) as Factory;
  } catch (cause) {
    throw millraceError(
      "MR_CLOSURE_REVIVE",
      `a function of ${code.url}:${code.line + 1} does not compile here`,
      { cause },
    );
  }
}
