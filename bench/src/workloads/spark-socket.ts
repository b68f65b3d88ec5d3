import type { Contender, Settings } from "../harness/workload.ts";
import { sparkContender } from "../spark/spark-contender.ts";
import { withLineSender } from "./line-sender.ts";

/** Spark's side of a workload that reads a socket, with a sender of its own; 0 lines a second is as fast as they are read. */
export function sparkFromSocket(
  workload: string,
  linesPerSecond: number,
  parameters: (settings: Settings) => Readonly<Record<string, number>>,
): Contender {
  return {
    ...sparkContender(workload, () => ({})),
    measure: settings =>
      withLineSender(linesPerSecond, port =>
        sparkContender(workload, () => ({ port, ...parameters(settings) })).measure(settings),
      ),
  };
}
