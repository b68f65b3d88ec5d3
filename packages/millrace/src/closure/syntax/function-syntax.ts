import type { AnyNode, ArrowFunctionExpression, Class, Function as FunctionNode, Pattern } from "acorn";
import { BoundedMap } from "../bounded-map.ts";
import { findSurroundings, type Surroundings } from "./free-variables.ts";
import { type FunctionForm, type ParsedFunction, parseFunction } from "./parse-function.ts";
import { childrenOf } from "./syntax-scope.ts";

/** What a function's text alone tells. Positions count from the start of the text. */
export interface FunctionSyntax {
  readonly text: string;
  readonly form: FunctionForm;
  readonly kind: "arrow" | "function" | "method" | "class";
  /** Where V8 says the function is: its parameter list, or its start for arrows and classes. */
  readonly anchor: number;
  readonly surroundings: Surroundings;
  /** A method's key as written, to be replaced when the method is taken out of its object. */
  readonly key: readonly [number, number] | undefined;
  /** What a class says it extends. */
  readonly heritage: Heritage | undefined;
  /** Number of parameters as written. */
  readonly parameters: number;
  /** Parameters with `{ [computed]: keys }`, which run code of the user before the body does. */
  readonly hasComputedParameters: boolean;
  /** The first `#private` field or method that instances of the class have. */
  readonly privateMember: string | undefined;
}

/** The expression after `extends`. */
export interface Heritage {
  readonly start: number;
  readonly end: number;
  /** When it is just a variable. */
  readonly variable: string | undefined;
}

const cache = new BoundedMap<string, FunctionSyntax>(2000);

/**
 * Reads the text of a function.
 * @returns `undefined` when it is no JavaScript, as with native code
 */
export function functionSyntax(text: string): FunctionSyntax | undefined {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parseFunction(text);
  const syntax = parsed === undefined ? undefined : read(text, parsed);
  if (syntax !== undefined) cache.set(text, syntax);
  return syntax;
}

function read(text: string, { node, form, shift }: ParsedFunction): FunctionSyntax | undefined {
  const surroundings = shifted(findSurroundings(node), shift);
  const nothing = {
    key: undefined,
    heritage: undefined,
    parameters: 0,
    hasComputedParameters: false,
    privateMember: undefined,
  };
  switch (node.type) {
    case "ArrowFunctionExpression":
      return { ...nothing, ...parametersOf(node), text, form, kind: "arrow", anchor: 0, surroundings };
    case "FunctionExpression":
      return { ...nothing, text, form, kind: "function", anchor: openingOf(text, node, shift), surroundings };
    case "ClassExpression":
      return {
        ...nothing,
        text,
        form,
        kind: "class",
        anchor: constructorOf(node, shift),
        surroundings,
        privateMember: privateOf(node),
        heritage: heritageOf(node, shift),
      };
    case "Property":
    case "MethodDefinition": {
      const start = node.computed ? text.lastIndexOf("[", node.key.start - shift) : node.key.start - shift;
      const end = node.computed ? text.indexOf("]", node.key.end - shift) + 1 : node.key.end - shift;
      return {
        ...nothing,
        text,
        form,
        kind: "method",
        anchor: node.value.start - shift,
        surroundings,
        key: [start, end],
      };
    }
    default:
      return undefined;
  }
}

function shifted(found: Surroundings, by: number): Surroundings {
  const at = (position: number | undefined) => (position === undefined ? undefined : position - by);
  const variables = new Map(
    [...found.variables].map(([name, variable]) => [
      name,
      { ...variable, use: variable.use - by, assignment: at(variable.assignment) },
    ]),
  );
  return {
    variables,
    this: at(found.this),
    super: at(found.super),
    arguments: at(found.arguments),
    newTarget: at(found.newTarget),
    privateName: found.privateName && { ...found.privateName, at: found.privateName.at - by },
    metas: found.metas.map(([start, end]) => [start - by, end - by] as const),
    dynamicImports: found.dynamicImports.map(start => start - by),
  };
}

/** The `(` of `function name(…)`; comments in between may hold parentheses of their own. */
function openingOf(text: string, node: FunctionNode, shift: number): number {
  const from = (node.id?.end ?? node.start + "function".length) - shift;
  const rest = text.slice(from).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, comment => " ".repeat(comment.length));
  return from + rest.indexOf("(");
}

function constructorOf(node: Class, shift: number): number {
  for (const member of node.body.body)
    if (member.type === "MethodDefinition" && member.kind === "constructor")
      return member.value.start - shift;
  return 0;
}

function heritageOf({ superClass }: Class, shift: number): Heritage | undefined {
  if (!superClass || (superClass.type === "Literal" && superClass.value === null)) return undefined;
  const variable = superClass.type === "Identifier" ? superClass.name : undefined;
  return { start: superClass.start - shift, end: superClass.end - shift, variable };
}

function privateOf(node: Class): string | undefined {
  for (const member of node.body.body)
    if (member.type !== "StaticBlock" && !member.static && member.key.type === "PrivateIdentifier")
      return `#${member.key.name}`;
  return undefined;
}

function parametersOf(
  node: ArrowFunctionExpression,
): Pick<FunctionSyntax, "parameters" | "hasComputedParameters"> {
  return { parameters: node.params.length, hasComputedParameters: node.params.some(hasComputedKey) };
}

function hasComputedKey(node: AnyNode | Pattern): boolean {
  if (node.type === "Property" && node.computed) return true;
  // Values of defaults only run when a parameter is undefined.
  if (node.type === "AssignmentPattern") return hasComputedKey(node.left);
  for (const child of childrenOf(node)) if (hasComputedKey(child)) return true;
  return false;
}
