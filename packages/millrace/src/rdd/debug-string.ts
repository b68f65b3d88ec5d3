import type { PlanNode } from "../plan/index.ts";

/** Lineage as text, laid out as Spark does it: a stage per level, `+-` where a shuffle ends it. */
export function describeLineage(node: PlanNode): string {
  const head = `(${node.numPartitions}) `;
  return [`${head}${describe(node)}`, ...below(node, `${" ".repeat(head.length - 3)} |  `)].join("\n");
}

/** The lines of what a node is computed from. */
function below(node: PlanNode, indent: string): string[] {
  const parents = parentsOf(node);
  const isShuffle = node.op === "shuffle" && node.parent.partitioner?.equals(node.partitioner) !== true;
  return parents.flatMap((parent, i) => {
    const isLast = i === parents.length - 1;
    if (!isShuffle) return [`${indent}${describe(parent)}`, ...below(parent, indent)];
    // The bar of this level ends with its last parent.
    const outer = `${indent.slice(0, -3)}${isLast ? " " : "|"}`;
    const head = `-(${parent.numPartitions}) `;
    return [
      `${indent.slice(0, -3)}+${head}${describe(parent)}`,
      ...below(parent, `${outer}${" ".repeat(head.length - 3)}|  `),
    ];
  });
}

function describe({ operator, id, site, storageLevel }: PlanNode): string {
  const kept = storageLevel.isValid ? ` [${storageLevel.description}]` : " []";
  return `${operator}[${id}]${site === undefined ? "" : ` at ${site.text}`}${kept}`;
}

function parentsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.op) {
    case "source":
      return [];
    case "narrow":
    case "coalesce":
    case "shuffle":
      return [node.parent];
    case "union":
    case "zipPartitions":
      return node.parents;
    case "cartesian":
      return [node.left, node.right];
    case "localCheckpoint":
      return defined([node.parent]);
    case "state":
      return defined([
        node.lineage?.previous,
        ...(node.lineage?.updates ?? []),
        node.lineage?.initial,
        node.seed,
      ]);
    case "stateView":
      return [node.state];
  }
}

function defined(nodes: readonly (PlanNode | undefined)[]): readonly PlanNode[] {
  return nodes.filter(node => node !== undefined);
}
