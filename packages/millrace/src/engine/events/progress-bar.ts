import type { Platform, Timer } from "../../common/platform/platform.ts";
import type { EventOf, SparkListener, StageInfo } from "./events.ts";

/** A stage shows after this long: short jobs leave the terminal alone. */
const FIRST_SHOWN_AFTER_MS = 500;
const UPDATE_EVERY_MS = 200;
/** Stages shown side by side at most. */
const STAGES_SHOWN = 3;

interface Progress {
  readonly stage: StageInfo;
  finished: number;
  running: number;
}

/**
 * Shows how far the stages that run have come, on the last line of a terminal:
 * `[Stage 3:=======>      (4 + 2) / 10]` is 4 tasks of 10 done and 2 running.
 */
export class ProgressBar implements SparkListener {
  readonly #platform: Platform;
  readonly #columns: () => number | undefined;
  readonly #stages = new Map<number, Progress>();
  #timer: Timer | undefined;
  #shown = "";

  /** `columns`: the terminal's width now; nothing is shown when it has none. */
  constructor(platform: Platform, columns: () => number | undefined) {
    this.#platform = platform;
    this.#columns = columns;
  }

  onStageSubmitted({ stage }: EventOf<"stageSubmitted">): void {
    this.#stages.set(stage.stageId, { stage, finished: 0, running: 0 });
    this.#timer ??= this.#schedule();
  }

  onStageCompleted({ stage }: EventOf<"stageCompleted">): void {
    this.#stages.delete(stage.stageId);
    if (this.#stages.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#write("");
  }

  onTaskStart({ stageId }: EventOf<"taskStart">): void {
    const progress = this.#stages.get(stageId);
    if (progress !== undefined) progress.running += 1;
  }

  onTaskEnd({ stageId, error }: EventOf<"taskEnd">): void {
    const progress = this.#stages.get(stageId);
    if (progress === undefined) return;
    progress.running -= 1;
    if (error === undefined) progress.finished += 1;
  }

  onApplicationEnd(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#write("");
  }

  #schedule(): Timer {
    return this.#platform.timers.schedule(
      UPDATE_EVERY_MS,
      () => {
        this.#timer = this.#schedule();
        this.#show();
      },
      { unref: true },
    );
  }

  #show(): void {
    const columns = this.#columns();
    if (columns === undefined) return;
    const now = this.#platform.clock.now();
    const long = [...this.#stages.values()]
      .filter(({ stage }) => now - stage.submissionTime >= FIRST_SHOWN_AFTER_MS)
      .slice(0, STAGES_SHOWN);
    const width = Math.floor((columns - 1) / Math.max(1, long.length));
    this.#write(long.map(progress => bar(progress, width)).join(""));
  }

  #write(line: string): void {
    if (line === this.#shown) return;
    const blank = " ".repeat(Math.max(0, this.#shown.length - line.length));
    this.#platform.host.stderr(line === "" ? `\r${blank}\r` : `\r${line}${blank}`);
    this.#shown = line;
  }
}

function bar({ stage, finished, running }: Progress, width: number): string {
  const head = `[Stage ${stage.stageId}:`;
  const tail = `(${finished} + ${running}) / ${stage.numTasks}]`;
  const room = width - head.length - tail.length;
  if (room <= 0) return head + tail;
  const filled = Math.floor((room * finished) / Math.max(1, stage.numTasks));
  const body = filled < room ? `${"=".repeat(filled)}>`.padEnd(room) : "=".repeat(room);
  return head + body + tail;
}
