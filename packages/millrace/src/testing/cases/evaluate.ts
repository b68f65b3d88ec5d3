import { type Node, parseExpressionAt } from "acorn";
import * as time from "../../common/time/index.ts";
import { HashPartitioner, Partitioner, StorageLevel } from "../../plan/index.ts";
import * as rdd from "../../rdd/index.ts";
import * as streaming from "../../streaming/index.ts";

/** What builds may name: everything of the API, and what the case adds. */
export type Scope = Readonly<Record<string, unknown>>;

const api: Scope = { ...time, ...rdd, ...streaming, HashPartitioner, Partitioner, StorageLevel };

/** The value of the text of an expression. */
export function evaluate(build: string, scope: Scope): unknown {
  const all = { ...api, ...scope };
  return new Function(...Object.keys(all), `"use strict"; return (${build}\n);`)(...Object.values(all));
}

/**
 * The value of an expression written for actions that answer at once, such as `rdd.take(3).length`: every call
 * outside of functions is awaited.
 */
export async function evaluateAwaiting(build: string, scope: Scope): Promise<unknown> {
  const run = evaluate(`async () => (${awaitCalls(build)}\n)`, scope) as () => Promise<unknown>;
  return run();
}

/** Puts `await` before the calls of an expression, those inside functions excepted. */
export function awaitCalls(build: string): string {
  const insertions: { readonly at: number; readonly text: string; readonly order: number }[] = [];
  const visit = (node: Node): void => {
    if (node.type.endsWith("FunctionExpression")) return;
    if (node.type === "CallExpression") {
      insertions.push({ at: node.start, text: "(await ", order: 1 });
      insertions.push({ at: node.end, text: ")", order: 0 });
    }
    for (const child of children(node)) visit(child);
  };
  visit(parseExpressionAt(build, 0, { ecmaVersion: "latest", allowAwaitOutsideFunction: true }));
  let result = "";
  let copied = 0;
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at || a.order - b.order)) {
    result += build.slice(copied, at) + text;
    copied = at;
  }
  return result + build.slice(copied);
}

function children(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Partial<Node>).type === "string";
}
