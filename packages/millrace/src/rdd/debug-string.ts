import { isShuffled, type PlanNode, parentsOf } from "../plan/index.ts";

/** Lineage as text, laid out as Spark does it: a stage per level, `+-` where a shuffle ends it. */
export function describeLineage(node: PlanNode): string {
  return [`(${node.numPartitions}) ${describe(node)}`, ...below(node, bar(node.numPartitions))].join("\n");
}

/** The lines of what a node is computed from, each after `indent`, which ends with the bar of its stage. */
function below(node: PlanNode, indent: string): string[] {
  const parents = parentsOf(node);
  return parents.flatMap(parent => {
    if (!isShuffled(node)) return [`${indent}${describe(parent)}`, ...below(parent, indent)];
    const outer = indent.replace(/\|\s+$/, "");
    return [
      `${outer}+-(${parent.numPartitions}) ${describe(parent)}`,
      ...below(parent, `${outer}  ${bar(parent.numPartitions)}`),
    ];
  });
}

/** A bar below the middle of `(n)`. */
function bar(numPartitions: number): string {
  const width = `(${numPartitions})`.length;
  const left = Math.floor((width - 1) / 2);
  return `${" ".repeat(left)}|${" ".repeat(width - left)}`;
}

function describe({ operator, id, site, storageLevel }: PlanNode): string {
  const kept = storageLevel.isValid ? ` [${storageLevel.description}]` : " []";
  return `${operator}[${id}]${site === undefined ? "" : ` at ${site.text}`}${kept}`;
}
