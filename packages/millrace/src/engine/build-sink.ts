import type { Origin, ShuffleNode } from "../plan/index.ts";
import type { TaskSink } from "../task/spec.ts";
import { buildAggregation } from "./build-input.ts";
import type { JobSink } from "./engine.ts";
import type { FunctionTable } from "./function-table.ts";
import { operationOf } from "./operation-of.ts";

/** What a stage does with its records: an action's sink, or the map side of a shuffle. */
export type StageSink = JobSink | { readonly kind: "shuffle"; readonly node: ShuffleNode };

/** A stage's sink as its tasks see it. */
export function buildSink(sink: StageSink, origin: Origin, functions: FunctionTable): TaskSink {
  switch (sink.kind) {
    case "collect":
    case "count":
    case "take":
      return sink;
    case "foreach":
      return { kind: "foreach", fn: functions.add(sink.fn, origin) };
    case "reduce": {
      const zero = sink.zero === undefined ? undefined : functions.add(sink.zero, origin);
      return { kind: "reduce", fn: functions.add(sink.fn, origin), zero };
    }
    case "partition":
      return { kind: "partition", fn: functions.add(sink.fn, origin), argument: sink.argument };
    case "shuffle": {
      const { partitioner, aggregator } = sink.node;
      const combines = aggregator?.mapSideCombine === true;
      return {
        kind: "shuffle",
        operation: operationOf(sink.node),
        partitioner,
        aggregation: combines ? buildAggregation(aggregator, sink.node, functions) : undefined,
      };
    }
  }
}
