import type { ShippedClosure, WireValue } from "../shipped.ts";

/**
 * Whether a class, with all it captures, may be made by itself: none of it is data, which a function beside it may
 * capture, too, and expect to share. What hangs on the class as static fields is its own.
 */
export function standsAlone({ root, nodes }: ShippedClosure): boolean {
  const reached = new Set<number>();
  const reach = (wire: WireValue | undefined) => {
    if (typeof wire === "object" && wire !== null && "ref" in wire) reached.add(wire.ref);
  };
  reach(root);
  for (const id of reached) {
    const node = nodes[id];
    switch (node?.kind) {
      case "function":
        for (const captured of node.captures) reach(captured);
        reach(node.this);
        reach(node.prototype);
        break;
      case "prototype":
        reach(node.of);
        reach(node.proto);
        for (const [, value] of node.props ?? []) reach(value);
        break;
      case "global":
      case "import":
      case "require":
      case "importMeta":
      case "importer":
      case "class":
        break;
      default:
        return false;
    }
  }
  return true;
}
