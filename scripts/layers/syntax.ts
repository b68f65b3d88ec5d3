import { stripTypeScriptTypes } from "node:module";
import { type Node, type Program, parse, type Token, tokenizer } from "acorn";

/** A TypeScript file taken apart: the JavaScript that runs, and the types that were erased from it. */
export interface Syntax {
  readonly source: string;
  readonly program: Program;
  /** Tokens of every erased stretch (types, interfaces, `import type`), without comments. */
  readonly erasedTokens: readonly (readonly Token[])[];
}

/** Parses a TypeScript source. Offsets of tokens and nodes are those of `source`. */
export function parseTypeScript(source: string): Syntax {
  // Stripping replaces types by blanks, so that offsets stay as they were.
  const stripped = stripTypeScriptTypes(source, { mode: "strip" });
  const program = parse(stripped, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowHashBang: true,
    allowAwaitOutsideFunction: true,
  });
  return { source, program, erasedTokens: erasedStretches(source, stripped).map(tokensOf) };
}

interface Stretch {
  readonly text: string;
  readonly offset: number;
}

function erasedStretches(source: string, stripped: string): Stretch[] {
  const stretches: Stretch[] = [];
  let start = -1;
  let end = -1;
  for (let i = 0; i < source.length; i++) {
    if (source[i] === stripped[i]) {
      // Blanks look the same before and after: a stretch goes on until kept code is met.
      if (start >= 0 && /\S/.test(source[i] ?? "")) {
        stretches.push({ text: source.slice(start, end), offset: start });
        start = -1;
      }
      continue;
    }
    if (start < 0) start = i;
    end = i + 1;
  }
  if (start >= 0) stretches.push({ text: source.slice(start, end), offset: start });
  return stretches;
}

function tokensOf({ text, offset }: Stretch): Token[] {
  const tokens: Token[] = [];
  try {
    for (const token of tokenizer(text, { ecmaVersion: "latest", sourceType: "module" })) {
      token.start += offset;
      token.end += offset;
      tokens.push(token);
    }
  } catch {
    // A type can hold what is no token of JavaScript; what was read so far still counts.
  }
  return tokens;
}

/** Calls `visit` for every node with its parents, innermost last. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = [];
  const step = (current: Node): void => {
    visit(current, parents);
    parents.push(current);
    for (const value of Object.values(current)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) step(child);
    }
    parents.pop();
  };
  step(node);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}
