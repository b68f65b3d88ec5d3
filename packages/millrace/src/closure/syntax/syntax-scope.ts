import type { AnyNode, Pattern, VariableDeclaration } from "acorn";

/** Names a stretch of code declares, and the stretch around it. */
export interface SyntaxScope {
  readonly names: Set<string>;
  readonly parent: SyntaxScope | undefined;
}

/** A scope within another. */
export function scopeWithin(parent: SyntaxScope | undefined, names: Iterable<string> = []): SyntaxScope {
  return { names: new Set(names), parent };
}

/** Whether the code itself declares the name, as seen from `scope`. */
export function isDeclared(name: string, scope: SyntaxScope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

/** The names a pattern binds. */
export function boundNames(pattern: Pattern, into: string[] = []): string[] {
  switch (pattern.type) {
    case "Identifier":
      into.push(pattern.name);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties)
        boundNames(property.type === "RestElement" ? property.argument : property.value, into);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) boundNames(element, into);
      break;
    case "RestElement":
      boundNames(pattern.argument, into);
      break;
    case "AssignmentPattern":
      boundNames(pattern.left, into);
      break;
    case "MemberExpression":
      break;
  }
  return into;
}

/** The names a list of statements declares for its own block: `let`, `const`, `using`, classes, functions. */
export function blockNames(statements: readonly AnyNode[]): string[] {
  const names: string[] = [];
  for (const statement of statements) {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") declared(statement, names);
    if ((statement.type === "ClassDeclaration" || statement.type === "FunctionDeclaration") && statement.id)
      names.push(statement.id.name);
  }
  return names;
}

/** The names `var` declares anywhere in a function's body, however deep, but not in functions within it. */
export function varNames(node: AnyNode, into: string[] = []): string[] {
  if (node.type === "VariableDeclaration" && node.kind === "var") declared(node, into);
  for (const child of childrenOf(node)) if (!holdsOwnVars(child)) varNames(child, into);
  return into;
}

/** The nodes directly below a node, in source order. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) {
      for (const element of value) if (isNode(element)) yield element;
    } else if (isNode(value)) yield value;
  }
}

function declared(declaration: VariableDeclaration, into: string[]): void {
  for (const { id } of declaration.declarations) boundNames(id, into);
}

function holdsOwnVars(node: AnyNode): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression" ||
    node.type === "StaticBlock"
  );
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
