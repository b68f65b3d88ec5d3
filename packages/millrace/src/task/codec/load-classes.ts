import { reviveClass, type ShippedClosure } from "../../closure/index.ts";
import { inputParts } from "../input-parts.ts";
import type { EncodedValues } from "../readers/values.ts";
import type { TaskInput } from "../spec.ts";

/** Makes the classes that the records of an input are instances of; before the task, because modules load in their time. */
export async function loadClasses(input: TaskInput): Promise<void> {
  for (const shipped of classesOf(input)) await reviveClass(shipped);
}

function classesOf(input: TaskInput): readonly ShippedClosure[] {
  switch (input.op) {
    case "read":
      return (input.split as Partial<EncodedValues> | null)?.encoded?.classes ?? [];
    case "shuffled":
      return input.blocks.flatMap(block => ("classes" in block ? (block.classes ?? []) : []));
    default:
      return inputParts(input).flatMap(classesOf);
  }
}
