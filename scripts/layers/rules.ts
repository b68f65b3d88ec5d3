import { dirname, join, normalize } from "node:path/posix";
import type { Identifier, MemberExpression, Node, Pattern } from "acorn";
import { lineAt } from "../support/workspace.ts";
import { type ModuleImport, moduleImports } from "./imports.ts";
import { parseTypeScript, type Syntax, walk } from "./syntax.ts";

/** The layers of the core, lowest first: a file imports from its own layer or from one before it. */
export const layers = ["common", "closure", "plan", "task", "engine", "rdd", "streaming", "testing"] as const;

/** One breach of a rule. */
export interface Violation {
  /** From the workspace's root. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const core = "packages/millrace/src/";
const platform = `${core}common/platform/`;

/** Checks one file, named from the workspace's root. */
export function checkFile(file: string, source: string): Violation[] {
  const syntax = parseTypeScript(source);
  const imports = moduleImports(syntax);
  const found = [...layerBreaches(file, imports)];
  if (isUnderSeam(file)) found.push(...moduleBreaches(file, imports), ...globalBreaches(syntax));
  return found.map(({ offset, message }) => ({ file, line: lineAt(source, offset), message }));
}

interface Breach {
  readonly offset: number;
  readonly message: string;
}

function layerOf(path: string): number {
  return layers.findIndex(layer => path.startsWith(`${core}${layer}/`));
}

function layerBreaches(file: string, imports: readonly ModuleImport[]): Breach[] {
  if (!file.startsWith(core)) return [];
  const own = layerOf(file);
  const ownName = own < 0 ? "the root" : layers[own];
  return imports.flatMap(({ specifier, offset }) => {
    const self = specifier === "millrace" || specifier.startsWith("millrace/");
    // Type tests look at the package as its users do.
    if (self && file.endsWith(".test-d.ts")) return [];
    if (self) return [{ offset, message: `"${specifier}" imports the package from inside; name the file` }];
    if (!specifier.startsWith(".")) return [];
    const target = normalize(join(dirname(file), specifier));
    if (!target.startsWith(core)) return [{ offset, message: `"${specifier}" leaves the package` }];
    if (own < 0) return [];
    const layer = layerOf(target);
    if (layer < 0) return [{ offset, message: `"${specifier}" imports the package's root from ${ownName}` }];
    if (layer > own)
      return [{ offset, message: `${ownName} imports upwards from ${layers[layer]}: "${specifier}"` }];
    return [];
  });
}

/** Tests may touch the world, the platform does it for everyone else; examples are users, benchmarks measure it. */
function isUnderSeam(file: string): boolean {
  const covered = [core, "packages/cli/src/"].some(folder => file.startsWith(folder));
  const isTest = /\.test(-d)?\.ts$|\/fixtures\//.test(file);
  return covered && !file.startsWith(platform) && !isTest;
}

/** Modules that touch the world, and the folders of the core that may use them all the same. */
const worldModules: Readonly<Record<string, readonly string[]>> = {
  fs: [],
  "fs/promises": [],
  net: [],
  tls: [],
  dgram: [],
  dns: [],
  http: [],
  https: [],
  http2: [],
  os: [],
  process: [],
  timers: [],
  "timers/promises": [],
  perf_hooks: [],
  child_process: [],
  readline: [],
  worker_threads: [`${core}engine/`],
  inspector: [`${core}closure/`],
};

const cryptoChance = /^(random\w*|getRandomValues|webcrypto|default|\*|generateKey\w*)$/;

function moduleBreaches(file: string, imports: readonly ModuleImport[]): Breach[] {
  return imports.flatMap(({ specifier, names, typeOnly, offset }) => {
    const name = specifier.replace(/^node:/, "");
    const allowed = worldModules[name];
    if (typeOnly) return [];
    if (allowed && !allowed.some(folder => file.startsWith(folder))) {
      return [{ offset, message: `only common/platform may import "${specifier}"` }];
    }
    if (name === "crypto" && names.some(imported => cryptoChance.test(imported))) {
      return [{ offset, message: `only common/platform may take chance from "${specifier}"` }];
    }
    return [];
  });
}

const worldFunctions = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "fetch",
  "WebSocket",
  "performance",
]);

/** Members of a global that touch the world. */
const worldMembers: Readonly<Record<string, RegExp>> = {
  Date: /^now$/,
  Math: /^random$/,
  crypto: /^(randomUUID|getRandomValues)$/,
  process:
    /^(on|once|off|addListener|removeListener|prependListener|exit|exitCode|abort|kill|stdout|stderr|stdin|hrtime|uptime|env|argv|cwd|chdir)$/,
};

function globalBreaches({ program }: Syntax): Breach[] {
  const declared = declaredNames(program);
  const found: Breach[] = [];
  const report = (node: Node, what: string) =>
    found.push({ offset: node.start, message: `only common/platform may use ${what}` });
  walk(program, (node, parents) => {
    const parent = parents.at(-1);
    if (node.type === "MemberExpression") {
      const { object, property, computed } = node as MemberExpression;
      const holder = globalName(object);
      const member = computed ? literalText(property) : (property as Identifier).name;
      if (holder === undefined || member === undefined || declared.has(holder)) return;
      if (holder === "globalThis" && worldFunctions.has(member)) report(node, `globalThis.${member}`);
      else if (worldMembers[holder]?.test(member)) report(node, `${holder}.${member}`);
    } else if (node.type === "Identifier") {
      const { name } = node as Identifier;
      if (worldFunctions.has(name) && !declared.has(name) && parent && isReference(node, parent))
        report(node, name);
    } else if (node.type === "NewExpression" || node.type === "CallExpression") {
      const { callee, arguments: args } = node as Node & { callee: Node; arguments: unknown[] };
      const isDate = callee.type === "Identifier" && (callee as Identifier).name === "Date";
      if (isDate && !declared.has("Date") && (node.type === "CallExpression" || args.length === 0)) {
        report(node, node.type === "CallExpression" ? "Date()" : "new Date() without an argument");
      }
    } else if (node.type === "VariableDeclarator") {
      // `const { now } = Date` takes the member out without naming it by a dot.
      const { id, init } = node as Node & { id: Pattern; init?: Node | null };
      const holder = init ? globalName(init) : undefined;
      if (id.type !== "ObjectPattern" || holder === undefined || declared.has(holder)) return;
      for (const property of id.properties) {
        if (property.type !== "Property" || property.key.type !== "Identifier") continue;
        if (worldMembers[holder]?.test(property.key.name)) report(node, `${holder}.${property.key.name}`);
      }
    }
  });
  return found;
}

/** `Date` of `Date` and of `globalThis.Date`. */
function globalName(node: Node): string | undefined {
  if (node.type === "Identifier") return (node as Identifier).name;
  if (node.type !== "MemberExpression") return undefined;
  const { object, property, computed } = node as MemberExpression;
  const isGlobal = object.type === "Identifier" && object.name === "globalThis";
  return isGlobal && !computed && property.type === "Identifier" ? property.name : undefined;
}

function literalText(node: Node): string | undefined {
  const { value } = node as Node & { value?: unknown };
  return node.type === "Literal" && typeof value === "string" ? value : undefined;
}

/** Whether an identifier stands for a value, rather than naming a property, a method or a label. */
function isReference(node: Node, parent: Node): boolean {
  const holder = parent as Node & { computed?: boolean; property?: Node; key?: Node };
  if (holder.computed) return true;
  if (parent.type === "MemberExpression") return holder.property !== node;
  if (
    parent.type === "Property" ||
    parent.type === "MethodDefinition" ||
    parent.type === "PropertyDefinition"
  ) {
    return holder.key !== node;
  }
  return !/^(ImportSpecifier|ExportSpecifier|LabeledStatement|BreakStatement|ContinueStatement)$/.test(
    parent.type,
  );
}

/** Names the file declares itself anywhere: variables, parameters, functions, classes and imports. */
function declaredNames(program: Node): Set<string> {
  const names = new Set<string>();
  const bind = (pattern: Node | null | undefined): void => {
    if (!pattern) return;
    const part = pattern as Node & Record<string, unknown>;
    if (pattern.type === "Identifier") names.add(String(part["name"]));
    else if (pattern.type === "AssignmentPattern") bind(part["left"] as Node);
    else if (pattern.type === "RestElement") bind(part["argument"] as Node);
    else if (pattern.type === "ArrayPattern") (part["elements"] as (Node | null)[]).forEach(bind);
    else if (pattern.type === "ObjectPattern") {
      for (const property of part["properties"] as (Node & { value?: Node })[])
        bind(property.value ?? property);
    }
  };
  walk(program, node => {
    const part = node as Node & { id?: Node | null; params?: Node[]; local?: Node; param?: Node | null };
    if (/^(VariableDeclarator|FunctionDeclaration|FunctionExpression|ClassDeclaration)$/.test(node.type))
      bind(part.id);
    if (part.params) part.params.forEach(bind);
    if (/^Import(Default|Namespace)?Specifier$/.test(node.type)) bind(part.local);
    if (node.type === "CatchClause") bind(part.param);
  });
  return names;
}
