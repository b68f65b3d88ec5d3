import { type CallSite, withCallSite } from "../../common/call-site.ts";
import type { OutputOperation } from "../dstream/for-each.ts";
import type { StreamNode } from "../dstream/stream-node.ts";
import type { CommitParticipant, Sink } from "./sink.ts";

/** The output that writes every RDD of `parent` to a sink, unless the sink has the batch already. */
export function sinkOutput<T>(parent: StreamNode<T>, sink: Sink<T>, site: CallSite): OutputOperation {
  const operator = "writeTo";
  return {
    operator,
    site,
    parent,
    participant: participantOf(sink),
    generateJob: (timeMs, outputOpId) => {
      const rdd = parent.getOrCompute(timeMs);
      if (rdd === undefined) return undefined;
      const run = async (): Promise<void> => {
        const batch = { timeMs };
        if ((await sink.isCommitted?.(batch)) === true) return;
        await sink.begin(batch);
        await withCallSite(site, () => sink.write(rdd, batch));
        await sink.prepare(batch);
      };
      return { timeMs, outputOpId, operator, site, run };
    },
  };
}

function participantOf<T>(sink: Sink<T>): CommitParticipant {
  return {
    name: sink.name,
    open: run => sink.open(run),
    commit: timeMs => sink.commit({ timeMs }),
    abort: timeMs => sink.abort({ timeMs }),
    close: () => sink.close(),
  };
}
