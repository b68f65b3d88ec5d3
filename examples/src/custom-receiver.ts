/**
 * Counts words that a receiver of its own reads from a TCP server, to show how a source is written: start
 * reading in `onStart`, `store` what arrives, `restart` when the source fails, let go of it in `onStop`.
 *
 *     nc -lk 9999
 *     npx millrace run-example CustomReceiver localhost 9999
 */
import { createConnection, type Socket } from "node:net";
import { Receiver, Seconds, SparkConf, StorageLevel, StreamingContext } from "millrace";
import { hostAndPort, runIfMain } from "./command-line.ts";
import { wordCounts } from "./network-word-count.ts";

/** Receives the lines a TCP server sends. */
export class LineReceiver extends Receiver<string> {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(host: string, port: number) {
    super(StorageLevel.MEMORY_ONLY);
    this.#host = host;
    this.#port = port;
  }

  override async onStart(): Promise<void> {
    const socket = createConnection({ host: this.#host, port: this.#port }).setEncoding("utf8");
    this.#socket = socket;
    const again = (message: string, error?: unknown) => {
      // What ends after onStop has ended on purpose.
      if (socket === this.#socket) this.restart(message, error);
    };
    try {
      let rest = "";
      for await (const chunk of socket) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) await this.store(line);
      }
      again("The server closed the connection");
    } catch (error) {
      again(`Cannot read from ${this.#host}:${this.#port}`, error);
    }
  }

  override onStop(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

/** Runs the example: `<host> <port>`. */
export async function run(args: readonly string[], conf = new SparkConf()): Promise<void> {
  const [host, port] = hostAndPort(args, "CustomReceiver");
  conf.setAppName("CustomReceiver").setIfMissing("spark.master", "local[*]");

  const ssc = new StreamingContext(conf, Seconds(1));
  wordCounts(ssc.receiverStream(new LineReceiver(host, port))).print();

  await ssc.start();
  await ssc.awaitTermination();
}

await runIfMain(import.meta.filename, run);
