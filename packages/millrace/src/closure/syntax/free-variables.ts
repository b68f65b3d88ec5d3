import type { AnyNode, ArrowFunctionExpression, Class, Function as FunctionNode, Pattern } from "acorn";
import {
  blockNames,
  boundNames,
  childrenOf,
  isDeclared,
  type SyntaxScope,
  scopeWithin,
  varNames,
} from "./syntax-scope.ts";

/** A variable a piece of code uses and does not declare. */
export interface FreeVariable {
  readonly name: string;
  /** Position of its first use. */
  readonly use: number;
  /** Position of its first assignment (`=`, `+=`, `++`, destructuring, `for (x of …)`), if any. */
  assignment: number | undefined;
  /** Used while the code is evaluated (a superclass, a static member's value), not just when it is called. */
  eager: boolean;
}

/** What a piece of code takes from its surroundings. */
export interface Surroundings {
  readonly variables: Map<string, FreeVariable>;
  /** Positions of the first use of what an arrow function takes from the function around it. */
  this?: number | undefined;
  super?: number | undefined;
  arguments?: number | undefined;
  newTarget?: number | undefined;
  /** The first `#name` of a class around it. */
  privateName?: { readonly name: string; readonly at: number } | undefined;
  /** `import.meta`, as [start, end]. */
  readonly metas: (readonly [number, number])[];
  /** Positions of `import(…)`. */
  readonly dynamicImports: number[];
}

/** What surrounds the node under the eyes of the walk. */
interface Place {
  readonly scope: SyntaxScope | undefined;
  /** A function or class of the code itself gives `this`, `super`, `arguments`. */
  readonly ownThis: boolean;
  readonly ownSuper: boolean;
  readonly ownArguments: boolean;
  readonly ownPrivate: ReadonlySet<string>;
  readonly eager: boolean;
}

const nothing: ReadonlySet<string> = new Set();

/** Finds what the code below `root` takes from its surroundings. Positions are the tree's. */
export function findSurroundings(root: AnyNode): Surroundings {
  const walk = new Walk();
  const outside: Place = {
    scope: undefined,
    ownThis: false,
    ownSuper: false,
    ownArguments: false,
    ownPrivate: nothing,
    eager: true,
  };
  // A method, getter or setter taken from its object: the key was evaluated when the object was made.
  if (root.type === "Property" || root.type === "MethodDefinition") walk.visit(root.value, outside);
  // A class's parent is known to the class.
  else if (root.type === "ClassExpression") walk.visit({ ...root, superClass: null }, outside);
  else walk.visit(root, outside);
  return walk.found;
}

class Walk {
  readonly found: Surroundings = { variables: new Map(), metas: [], dynamicImports: [] };

  visit(node: AnyNode, place: Place): void {
    switch (node.type) {
      case "Identifier":
        this.#use(node.name, node.start, place);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#function(node, place);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#class(node, place);
        return;
      case "MemberExpression":
        this.visit(node.object, place);
        if (node.computed || node.property.type === "PrivateIdentifier") this.visit(node.property, place);
        return;
      case "Property":
      case "MethodDefinition":
        if (node.computed) this.visit(node.key, place);
        // The methods of an object literal may say `super`, as those of a class.
        this.visit(node.value, isMethod(node) ? { ...place, ownSuper: true } : place);
        return;
      case "PropertyDefinition":
        this.#field(node, place);
        return;
      case "StaticBlock":
        this.#statements(node.body, {
          ...place,
          scope: scopeWithin(
            place.scope,
            node.body.flatMap(statement => varNames(statement)),
          ),
          ownThis: true,
          ownSuper: true,
        });
        return;
      case "VariableDeclarator":
        this.#pattern(node.id, place, false);
        if (node.init) this.visit(node.init, place);
        return;
      case "AssignmentExpression":
        this.#pattern(node.left, place, true);
        this.visit(node.right, place);
        return;
      case "UpdateExpression":
        this.#pattern(node.argument as Pattern, place, true);
        return;
      case "ForStatement":
        this.#children(node, this.#block(node.init ? [node.init] : [], place));
        return;
      case "ForInStatement":
      case "ForOfStatement": {
        const inner = this.#block([node.left], place);
        if (node.left.type === "VariableDeclaration") this.visit(node.left, inner);
        else this.#pattern(node.left, inner, true);
        this.visit(node.right, inner);
        this.visit(node.body, inner);
        return;
      }
      case "BlockStatement":
        this.#statements(node.body, place);
        return;
      case "SwitchStatement":
        this.visit(node.discriminant, place);
        this.#children(
          node.cases,
          this.#block(
            node.cases.flatMap(branch => branch.consequent),
            place,
          ),
        );
        return;
      case "CatchClause": {
        const inner = { ...place, scope: scopeWithin(place.scope, node.param ? boundNames(node.param) : []) };
        if (node.param) this.#pattern(node.param, inner, false);
        this.visit(node.body, inner);
        return;
      }
      case "LabeledStatement":
        this.visit(node.body, place);
        return;
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "ThisExpression":
        if (!place.ownThis) this.found.this ??= node.start;
        return;
      case "Super":
        if (!place.ownSuper) this.found.super ??= node.start;
        return;
      case "PrivateIdentifier":
        if (!place.ownPrivate.has(node.name)) this.found.privateName ??= { name: node.name, at: node.start };
        return;
      case "MetaProperty":
        if (node.meta.name === "import") this.found.metas.push([node.start, node.end]);
        else if (!place.ownThis) this.found.newTarget ??= node.start;
        return;
      case "ImportExpression":
        this.found.dynamicImports.push(node.start);
        this.#children(node, place);
        return;
      default:
        this.#children(node, place);
        return;
    }
  }

  #children(node: AnyNode | readonly AnyNode[], place: Place): void {
    const nodes = Array.isArray(node) ? (node as readonly AnyNode[]) : childrenOf(node as AnyNode);
    for (const child of nodes) this.visit(child, place);
  }

  #block(declarations: readonly AnyNode[], place: Place): Place {
    return { ...place, scope: scopeWithin(place.scope, blockNames(declarations)) };
  }

  #statements(statements: readonly AnyNode[], place: Place): void {
    this.#children(statements, this.#block(statements, place));
  }

  #use(name: string, at: number, place: Place, assigned = false): void {
    if (isDeclared(name, place.scope)) return;
    if (name === "arguments" && place.ownArguments) return;
    if (name === "arguments") {
      this.found.arguments ??= at;
      return;
    }
    let variable = this.found.variables.get(name);
    if (variable === undefined) {
      variable = { name, use: at, assignment: undefined, eager: false };
      this.found.variables.set(name, variable);
    }
    if (assigned) variable.assignment ??= at;
    if (place.eager) variable.eager = true;
  }

  /** A pattern's names are declared by someone else (`assigns` false) or assigned here; the rest is code. */
  #pattern(pattern: Pattern, place: Place, assigns: boolean): void {
    switch (pattern.type) {
      case "Identifier":
        if (assigns) this.#use(pattern.name, pattern.start, place, true);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties) {
          if (property.type === "Property" && property.computed) this.visit(property.key, place);
          this.#pattern(property.type === "RestElement" ? property.argument : property.value, place, assigns);
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements) if (element !== null) this.#pattern(element, place, assigns);
        return;
      case "RestElement":
        this.#pattern(pattern.argument, place, assigns);
        return;
      case "AssignmentPattern":
        this.#pattern(pattern.left, place, assigns);
        this.visit(pattern.right, place);
        return;
      default:
        this.visit(pattern, place);
        return;
    }
  }

  #function(node: FunctionNode | ArrowFunctionExpression, outer: Place): void {
    const isArrow = node.type === "ArrowFunctionExpression";
    const names = node.params.flatMap(param => boundNames(param));
    if (node.type === "FunctionExpression" && node.id) names.push(node.id.name);
    // At the root a declaration prints as if it were an expression: its name is its own.
    if (node.type === "FunctionDeclaration" && node.id && outer.scope === undefined) names.push(node.id.name);
    const place: Place = {
      scope: scopeWithin(outer.scope, [...names, ...varNames(node.body)]),
      ownThis: !isArrow || outer.ownThis,
      ownSuper: outer.ownSuper,
      ownArguments: !isArrow || outer.ownArguments,
      ownPrivate: outer.ownPrivate,
      eager: false,
    };
    for (const param of node.params) this.#pattern(param, place, false);
    this.visit(node.body, place);
  }

  #class(node: Class, outer: Place): void {
    const scope = scopeWithin(outer.scope, node.id ? [node.id.name] : []);
    const ownPrivate = new Set(outer.ownPrivate);
    for (const member of node.body.body)
      if (member.type !== "StaticBlock" && member.key.type === "PrivateIdentifier")
        ownPrivate.add(member.key.name);
    if (node.superClass) this.visit(node.superClass, { ...outer, scope });
    this.#children(node.body, { ...outer, scope, ownPrivate });
  }

  #field(node: AnyNode & { type: "PropertyDefinition" }, place: Place): void {
    if (node.computed) this.visit(node.key, place);
    if (!node.value) return;
    this.visit(node.value, { ...place, ownThis: true, ownSuper: true, eager: place.eager && node.static });
  }
}

function isMethod(node: AnyNode): boolean {
  return (
    node.type === "MethodDefinition" || (node.type === "Property" && (node.method || node.kind !== "init"))
  );
}
