import type { Platform } from "../../common/platform/platform.ts";
import { StorageLevel } from "../../plan/index.ts";
import { type DStream, Receiver, type StreamingContext } from "../../streaming/index.ts";
import type { InputKind } from "./draw.ts";
import type { World } from "./world.ts";

/** The stream of one kind of input, made as a user or a connector would make it. */
export function inputStream(ssc: StreamingContext, kind: InputKind, world: World): DStream<string> {
  switch (kind) {
    case "files":
      return ssc.textFileStream("/in");
    case "receiver":
      return ssc.receiverStream(new ReplayReceiver(ssc.platform, world.port));
    case "offsets":
      return offsetStream(ssc, world);
  }
}

/** Reads a log by position: a batch has what was there and no batch had. */
function offsetStream(ssc: StreamingContext, world: World): DStream<string> {
  type Range = readonly [from: number, to: number];
  const ranges = new Map<number, Range>();
  let next = 0;
  return ssc.inputStream("offsets", () => ({
    title: "Offsets",
    record: timeMs => ranges.get(timeMs),
    saveState: () => next,
    restore: ({ state, batches }) => {
      next = typeof state === "number" ? state : 0;
      for (const { timeMs, recorded } of batches) {
        const range = recorded as Range;
        ranges.set(timeMs, range);
        next = Math.max(next, range[1]);
      }
    },
    compute: timeMs => {
      const { offsets } = world.records;
      const range = ranges.get(timeMs) ?? [next, offsets.length];
      ranges.set(timeMs, range);
      next = Math.max(next, range[1]);
      return ssc.sc.parallelize(offsets.slice(...range), 2);
    },
  }));
}

/** Receives from a server that begins where it is told: behind the last block that is safe. */
class ReplayReceiver extends Receiver<string> {
  readonly #platform: Platform;
  readonly #port: number;
  #disconnect = (): void => {};

  constructor(platform: Platform, port: number) {
    super(StorageLevel.MEMORY_AND_DISK_SER);
    this.#platform = platform;
    this.#port = port;
  }

  override onStart(): void {
    const next = Number(this.lastMetadata?.["next"] ?? 0);
    let text = "";
    let storing = Promise.resolve();
    let isOver = false;
    const connection = this.#platform.network.connect("localhost", this.#port, {
      onConnect: () => void connection.write(String(next)),
      onData: bytes => {
        text += new TextDecoder().decode(bytes);
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        const records = lines.map(line => line.slice(line.indexOf(" ") + 1));
        const [last = ""] = lines.at(-1)?.split(" ") ?? [];
        if (lines.length === 0) return;
        // One block after the other, and none after one that failed: the next connection begins there.
        storing = storing.then(async () => {
          if (!isOver) await this.storeBlock(records, { next: Number(last) + 1 });
        });
        storing.catch(error => {
          if (!isOver) this.restart("a block could not be stored", error, 100);
          isOver = true;
        });
      },
      onClose: () => {
        if (!isOver) this.restart("the connection was closed", undefined, 100);
        isOver = true;
      },
    });
    this.#disconnect = () => {
      isOver = true;
      connection.close();
    };
  }

  override onStop(): void {
    this.#disconnect();
  }
}
