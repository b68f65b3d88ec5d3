import { pathToFileURL } from "node:url";
import type { FreeVariable } from "../syntax/free-variables.ts";
import { type FunctionSyntax, functionSyntax, type Heritage } from "../syntax/function-syntax.ts";
import { type ModuleSyntax, moduleSyntax } from "../syntax/module-syntax.ts";
import { heritageName } from "../syntax/rewrite-text.ts";
import { capturedThis } from "./captured-this.ts";
import { inspector, type ScopeObject, type ScriptLocation } from "./inspector.ts";
import { isScriptKnown, script, scriptUrl } from "./scripts.ts";

/** A variable of the surroundings, as a function would see it now. */
export interface Capture {
  readonly variable: FreeVariable;
  readonly value: unknown;
  /** When it is an import: what to import again elsewhere. */
  readonly imported?: { readonly specifier: string; readonly exported: string };
}

/** Everything about a function that is needed to build it again. */
export interface FunctionDescription {
  readonly syntax: FunctionSyntax;
  /** The defining script; empty for `eval` and `new Function`. */
  readonly url: string;
  /** Where the text starts in that script, from 0. */
  readonly line: number;
  readonly column: number;
  readonly strict: boolean;
  readonly captures: readonly Capture[];
  /** The variables of `captures` are never assigned: reading them again would tell nothing new. */
  readonly constant: boolean;
}

/** Why a function cannot travel, at a position of its text. */
export interface Obstacle {
  readonly kind: "native" | "unreadable";
  /** Continues "the function …". */
  readonly what: string;
  readonly advice: string;
  /** The variable concerned, if it is one. */
  readonly variable?: string;
  readonly at?: number;
  readonly description?: Pick<FunctionDescription, "syntax" | "url" | "line">;
}

const constants = new WeakMap<object, FunctionDescription>();
const seen = new WeakSet<object>();

/**
 * Reads a function: its text, its place, its variables. About 0.3 ms; at once for a function whose
 * variables never change and that was read before.
 */
export function describeFunction(fn: object): FunctionDescription | Obstacle {
  const known = constants.get(fn);
  if (known !== undefined) return known;
  const text = Function.prototype.toString.call(fn);
  const syntax = functionSyntax(text);
  if (syntax === undefined) return native(text);
  const { location, scopes } = inspector().internals(fn);
  if (location === undefined) return native(text);
  const url = scriptUrl(location.scriptId);
  const place = { syntax, url, ...startOf(location, syntax) };
  const obstacle = syntaxObstacle(syntax);
  if (obstacle !== undefined) return { ...obstacle, description: place };
  const captures: Capture[] = [];
  for (const variable of syntax.surroundings.variables.values()) {
    const scope = scopes.find(
      candidate => !isGlobal(candidate) && Object.hasOwn(candidate.object, variable.name),
    );
    if (scope === undefined) {
      if (variable.eager && syntax.kind === "class" && !(variable.name in globalThis))
        return { ...unseen(variable), description: place };
      continue;
    }
    const capture = readVariable(variable, scope, location.scriptId);
    if (capture === undefined) return { ...uninitialised(variable), description: place };
    captures.push(capture);
  }
  if (syntax.heritage !== undefined)
    captures.push(readParent(fn, syntax.heritage, scopes, location.scriptId));
  const description: FunctionDescription = {
    ...place,
    strict: isStrict(syntax, scopes, location.scriptId),
    captures,
    constant: isConstant(fn, captures, location.scriptId),
  };
  if (description.constant) constants.set(fn, description);
  return description;
}

/** Whether a function is part of Node or V8: its source, if it has any, lives nowhere else. */
export function isBuiltin(fn: object): boolean {
  const known = builtins.get(fn);
  if (known !== undefined) return known;
  const text = Function.prototype.toString.call(fn);
  const location = text.endsWith("{ [native code] }") ? undefined : inspector().internals(fn).location;
  const answer = location === undefined || scriptUrl(location.scriptId).startsWith("node:");
  builtins.set(fn, answer);
  return answer;
}

const builtins = new WeakMap<object, boolean>();

/** The `this` of an arrow function that uses the one around it. */
export function thisOf(
  fn: object,
  description: FunctionDescription,
): { readonly value: unknown } | Obstacle | undefined {
  const { syntax } = description;
  const at = syntax.surroundings.this;
  if (at === undefined) return undefined;
  return (
    capturedThis(fn, syntax) ?? {
      kind: "unreadable",
      variable: "this",
      what: "captures `this` in a way that cannot be read",
      advice: "Copy what it needs of `this` to a const before, and use that.",
      at,
      description,
    }
  );
}

/** Tells an obstacle from what one asked for. */
export function isObstacle(answer: object): answer is Obstacle {
  return "advice" in answer;
}

/** The script's URL; CommonJS files have paths. */
export function moduleUrl(url: string): string {
  return /^(\/|[A-Za-z]:\\)/.test(url) ? pathToFileURL(url).href : url;
}

function readVariable(variable: FreeVariable, scope: ScopeObject, scriptId: string): Capture | undefined {
  let value: unknown;
  try {
    value = scope.object[variable.name];
  } catch (error) {
    // V8 answers so for what is not initialised yet.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
  const imported = scope.description === "Module" ? syntaxOf(scriptId).imports.get(variable.name) : undefined;
  return imported === undefined ? { variable, value } : { variable, value, imported };
}

/** V8 keeps no variable for what only `extends` uses; the class knows its parent. */
function readParent(
  fn: object,
  heritage: Heritage,
  scopes: readonly ScopeObject[],
  scriptId: string,
): Capture {
  const { start, variable } = heritage;
  const capture: Capture = {
    variable: { name: heritageName, use: start, assignment: undefined, eager: true },
    value: Object.getPrototypeOf(fn) as unknown,
  };
  if (variable === undefined || !scopes.some(scope => scope.description === "Module")) return capture;
  const isInner = scopes.some(
    scope => scope.description !== "Module" && Object.hasOwn(scope.object, variable),
  );
  const imported = isInner ? undefined : syntaxOf(scriptId).imports.get(variable);
  return imported === undefined ? capture : { ...capture, imported };
}

function syntaxOf(scriptId: string): ModuleSyntax {
  return moduleSyntax(scriptId, script(scriptId).source);
}

function isGlobal(scope: ScopeObject): boolean {
  return scope.description === "Global" || scope.object === (globalThis as object);
}

/** V8 gives the place of the anchor; the text starts somewhat before it. */
function startOf(
  { lineNumber, columnNumber }: ScriptLocation,
  syntax: FunctionSyntax,
): { line: number; column: number } {
  const before = syntax.text.slice(0, syntax.anchor);
  const breaks = before.split("\n").length - 1;
  // Without its line's text, the column of a start on an earlier line is unknown.
  return { line: lineNumber - breaks, column: breaks === 0 ? Math.max(0, columnNumber - syntax.anchor) : 0 };
}

function isStrict(syntax: FunctionSyntax, scopes: readonly ScopeObject[], scriptId: string): boolean {
  if (scopes.some(scope => scope.description === "Module") || syntax.form === "class") return true;
  return syntaxOf(scriptId).strict;
}

/** The source, without which constancy is unknown, is only worth fetching for a function met again. */
function isConstant(fn: object, captures: readonly Capture[], scriptId: string): boolean {
  if (captures.every(capture => capture.imported !== undefined)) return true;
  const again = seen.has(fn);
  seen.add(fn);
  if (!again && !isScriptKnown(scriptId)) return false;
  const { assigned } = syntaxOf(scriptId);
  return captures.every(({ variable, imported }) => imported !== undefined || !assigned.has(variable.name));
}

function native(text: string): Obstacle {
  const name = /^function\s+([\w$ ]+)\(/.exec(text)?.[1]?.trim();
  return {
    kind: "native",
    what: name === undefined || name === "" ? "a bound or native function" : `the native function ${name}`,
    advice: "Wrap it in an arrow function of your own: x => f(x).",
  };
}

function uninitialised(variable: FreeVariable): Obstacle {
  return {
    kind: "unreadable",
    variable: variable.name,
    what: `captures ${variable.name}, which is not initialised yet at this point`,
    advice: `Move the declaration of ${variable.name} before this operation.`,
    at: variable.use,
  };
}

/** V8 keeps no variable for what only the keys of a class's members use. */
function unseen({ name, use }: FreeVariable): Obstacle {
  return {
    kind: "unreadable",
    variable: name,
    what: `uses ${name} where the class is defined, which cannot be read afterwards`,
    advice: `Write the value instead of ${name}, or import the class from a module.`,
    at: use,
  };
}

function syntaxObstacle({ surroundings, kind }: FunctionSyntax): Obstacle | undefined {
  const refuse = (variable: string, at: number, what: string, advice: string): Obstacle => ({
    kind: "unreadable",
    variable,
    what,
    advice,
    at,
  });
  if (surroundings.super !== undefined)
    return refuse("super", surroundings.super, "uses super", "Call a function that does not need super.");
  if (surroundings.privateName !== undefined) {
    const { name, at } = surroundings.privateName;
    return refuse(
      `#${name}`,
      at,
      `uses the private member #${name} of the class around it`,
      `Copy the value of #${name} to a const before, and use that.`,
    );
  }
  if (surroundings.arguments !== undefined)
    return refuse(
      "arguments",
      surroundings.arguments,
      "uses the arguments of the function around it",
      "Copy what it needs of them to a const before.",
    );
  if (surroundings.newTarget !== undefined && kind === "arrow")
    return refuse(
      "new.target",
      surroundings.newTarget,
      "uses the new.target of the function around it",
      "Copy it to a const before.",
    );
  return undefined;
}
