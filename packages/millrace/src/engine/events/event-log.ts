import { localPath } from "../../common/files/local-path.ts";
import type { Logger } from "../../common/log/index.ts";
import type { FileWriter, Platform } from "../../common/platform/platform.ts";
import { eventJson, logStart } from "./event-log-json.ts";
import type { SparkListener, SparkListenerEvent } from "./events.ts";

/** Marks a log whose application still runs, or died. */
const IN_PROGRESS = ".inprogress";

/**
 * Writes every event as a line of JSON, in Spark's form, to `<dir>/<application id>`. The file's name ends with
 * `.inprogress` until the application has ended. A log that cannot be written is given up with a warning: the
 * application goes on.
 */
export class EventLog implements SparkListener {
  readonly path: string;
  readonly #platform: Platform;
  readonly #log: Logger;
  #lines = `${JSON.stringify(logStart)}\n`;
  #writing: Promise<void> | undefined;
  #writer: FileWriter | undefined;
  #isBroken = false;

  constructor(platform: Platform, log: Logger, directory: string, appId: string) {
    this.#platform = platform;
    this.#log = log;
    this.path = `${localPath(directory)}/${appId}`;
  }

  onEvent(event: SparkListenerEvent): void {
    if (this.#isBroken) return;
    this.#lines += `${JSON.stringify(eventJson(event))}\n`;
    this.#writing ??= this.#write();
  }

  /** Writes what is left; the file gets its final name. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    const writer = this.#writer;
    if (writer === undefined || this.#isBroken) return;
    await this.#attempt(async () => {
      await writer.close();
      await this.#platform.files.rename(this.path + IN_PROGRESS, this.path);
    });
  }

  /** Lines that come while one write is under way go with the next. */
  async #write(): Promise<void> {
    await this.#attempt(async () => {
      this.#writer ??= await this.#platform.files.create(this.path + IN_PROGRESS);
      while (this.#lines !== "") {
        const text = this.#lines;
        this.#lines = "";
        await this.#writer.write(new TextEncoder().encode(text));
      }
    });
    this.#writing = undefined;
  }

  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#isBroken = true;
      this.#lines = "";
      this.#log.warn(`the event log ${this.path} is given up: ${(error as Error).message}`);
    }
  }
}
