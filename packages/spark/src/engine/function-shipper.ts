import {
  builtinName,
  type ShippedClosure,
  shipClosure,
  type TaskFunction,
  type WireFunction,
} from "millrace/engine";
import type { ClosurePacker, PackedClosure } from "./packed-closure.ts";
import type { UserModules } from "./user-modules.ts";

/** The functions of a stage as data: each closure once. */
export interface ShippedFunctions {
  readonly functions: readonly WireFunction[];
  readonly closures: readonly PackedClosure[];
  /** Whether one of them holds an accumulator. */
  readonly mayCount: boolean;
}

/** @throws MR_CLOSURE_UNSHIPPABLE, MR_CLOSURE_NATIVE */
export async function shipFunctions(
  functions: readonly TaskFunction[],
  modules: UserModules,
  packer: ClosurePacker,
): Promise<ShippedFunctions> {
  const closures = new Map<string, PackedClosure>();
  let mayCount = false;
  const shipped: WireFunction[] = [];
  for (const { fn, operator, site } of functions) {
    const name = builtinName(fn);
    if (name === undefined) {
      const closure = shipClosure(fn, site === undefined ? { operator } : { operator, site });
      if (!closures.has(closure.hash)) {
        mayCount ||= holdsAccumulator(closure);
        closures.set(closure.hash, await packer.pack(await modules.upload(closure)));
      }
      shipped.push({ hash: closure.hash, operator, site });
    } else {
      shipped.push({ hash: name, operator, site });
    }
  }
  return { functions: shipped, closures: [...closures.values()], mayCount };
}

function holdsAccumulator({ nodes }: ShippedClosure): boolean {
  return nodes.some(node => node.kind === "handle" && node.name === "accumulator");
}
