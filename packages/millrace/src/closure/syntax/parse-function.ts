import { type AnyNode, type Expression, type Options, parse } from "acorn";

/** How a function's own text becomes an expression: as it is, or inside an object literal or a class. */
export type FunctionForm = "expression" | "object" | "class";

/** The syntax tree of a function's source text. */
export interface ParsedFunction {
  readonly form: FunctionForm;
  readonly node: AnyNode;
  /** What to subtract from a position in the tree to get one in the function's text. */
  readonly shift: number;
}

// The wrapping function makes `new.target` and `return` of the outside parse, so that they can be refused by name.
const wrappings: readonly (readonly [FunctionForm, string, string])[] = [
  ["expression", "function _() { return (", "\n) }"],
  ["object", "function _() { return ({", "\n}) }"],
  ["class", "function _() { return (class {", "\n}) }"],
];

/**
 * Parses what `Function.prototype.toString` answered. Methods, getters and setters print as they stand in
 * their object or class, so they only parse inside one.
 *
 * @returns `undefined` when the text is no JavaScript function, as with native code
 */
export function parseFunction(text: string): ParsedFunction | undefined {
  // Modules first: nearly all code is strict, and only modules may say import.meta.
  for (const sourceType of ["module", "script"] as const) {
    for (const [form, before, after] of wrappings) {
      const expression = parseReturned(before + text + after, sourceType);
      if (expression === undefined) continue;
      const node = form === "expression" ? expression : onlyMember(expression);
      if (node !== undefined) return { form, node, shift: before.length };
    }
  }
  return undefined;
}

function parseReturned(source: string, sourceType: "module" | "script"): Expression | undefined {
  const options: Options = {
    ecmaVersion: "latest",
    sourceType,
    allowSuperOutsideMethod: true,
    checkPrivateFields: false,
  };
  try {
    const [outer] = parse(source, options).body;
    if (outer?.type !== "FunctionDeclaration") return undefined;
    const [statement] = outer.body.body;
    return statement?.type === "ReturnStatement" ? (statement.argument ?? undefined) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function onlyMember(expression: Expression): AnyNode | undefined {
  if (expression.type === "ObjectExpression") return expression.properties[0];
  if (expression.type === "ClassExpression") return expression.body.body[0];
  return undefined;
}
