import type { DeterministicPlatform, SimulatedDisk } from "../../common/platform/deterministic/index.ts";
import { createDeterministicPlatform } from "../../common/platform/deterministic/index.ts";
import type { Connection } from "../../common/platform/platform.ts";
import type { InputKind, Produced } from "./draw.ts";

/** What exists whether the application runs or not: producers of records, a server that can replay them. */
export class World {
  readonly port = 7777;
  readonly #produced: readonly Produced[];
  #openedMs: number | undefined;
  #next = 0;
  #files = 0;
  /** By input, all records until now, in order. */
  readonly records: Readonly<Record<InputKind, string[]>> = { files: [], receiver: [], offsets: [] };
  #connections = new Set<Connection>();

  constructor(produced: readonly Produced[]) {
    this.#produced = produced;
  }

  /** Whether everything has been produced. */
  get isDone(): boolean {
    return this.#next === this.#produced.length;
  }

  /** Makes the platform of a new process, with the world around it. */
  async enter(seed: number, startMs: number, disk: SimulatedDisk): Promise<DeterministicPlatform> {
    const platform = createDeterministicPlatform({ seed, startMs, disk });
    disk.makeDirectories("/in", startMs);
    this.#connections = new Set();
    await platform.run(
      platform.network.listen(this.port, connection => ({
        onData: bytes => {
          // The first thing a client says is where to begin.
          const from = Number(new TextDecoder().decode(bytes));
          this.#connections.add(connection);
          for (const [i, text] of this.records.receiver.slice(from).entries()) {
            void connection.write(`${from + i} ${text}\n`);
          }
        },
        onClose: () => this.#connections.delete(connection),
      })),
    );
    return platform;
  }

  /** Times of records are counted from the first call on. */
  open(nowMs: number): void {
    this.#openedMs ??= nowMs;
  }

  /** Produces what is due by now, as the world of this process sees it. */
  produce(platform: DeterministicPlatform): void {
    if (this.#openedMs === undefined) return;
    const files: string[] = [];
    const nowMs = platform.clock.now();
    for (;;) {
      const record = this.#produced[this.#next];
      if (record === undefined || record.atMs > nowMs - this.#openedMs) break;
      this.#next += 1;
      const { input, text } = record;
      const position = this.records[input].push(text) - 1;
      if (input === "files") files.push(text);
      if (input === "receiver") {
        for (const connection of this.#connections) void connection.write(`${position} ${text}\n`);
      }
    }
    if (files.length === 0) return;
    this.#files += 1;
    platform.files.put(`/in/${String(this.#files).padStart(4, "0")}.txt`, `${files.join("\n")}\n`, nowMs);
  }
}
