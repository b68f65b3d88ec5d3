import type { TaskInput } from "./spec.ts";

/** The inputs an input is made of. */
export function inputParts(input: TaskInput): readonly TaskInput[] {
  switch (input.op) {
    case "read":
    case "shuffled":
    case "stateView":
      return [];
    case "steps":
    case "aggregate":
    case "sort":
    case "recordedView":
      return [input.input];
    case "cached":
      return input.input === undefined ? [] : [input.input];
    case "concat":
    case "zip":
      return input.inputs;
    case "cartesian":
      return [input.left, input.right];
    case "stateUpdate":
      return "input" in input.from ? [input.from.input, ...input.updates] : input.updates;
  }
}

/** The same input of other parts. */
export function mapInputParts(input: TaskInput, map: (part: TaskInput) => TaskInput): TaskInput {
  switch (input.op) {
    case "read":
    case "shuffled":
    case "stateView":
      return input;
    case "steps":
    case "aggregate":
    case "sort":
    case "recordedView":
      return { ...input, input: map(input.input) };
    case "cached":
      return input.input === undefined ? input : { ...input, input: map(input.input) };
    case "concat":
    case "zip":
      return { ...input, inputs: input.inputs.map(map) };
    case "cartesian":
      return { ...input, left: map(input.left), right: map(input.right) };
    case "stateUpdate": {
      const from = "input" in input.from ? { ...input.from, input: map(input.from.input) } : input.from;
      return { ...input, from, updates: input.updates.map(map) };
    }
  }
}
