import { millraceError } from "../../common/errors/index.ts";
import { readFile } from "../../common/files/read-file.ts";
import { writeFileAtomically } from "../../common/files/write-file.ts";
import type { Platform } from "../../common/platform/platform.ts";
import { decodeJson, encodeJson } from "./batch-event.ts";

const fileName = "fence";

interface FenceData {
  readonly run: number;
  readonly nonce: number;
}

/**
 * Says which run owns a checkpoint directory: the newest. A run whose fence was replaced by another's must
 * not write there any more.
 */
export class Fence {
  readonly run: number;
  readonly #platform: Platform;
  readonly #directory: string;
  readonly #nonce: number;

  private constructor(platform: Platform, directory: string, { run, nonce }: FenceData) {
    this.#platform = platform;
    this.#directory = directory;
    this.run = run;
    this.#nonce = nonce;
  }

  /** Takes the directory over; `newestRun` is the newest of which there are files. */
  static async take(platform: Platform, directory: string, newestRun: number): Promise<Fence> {
    const before = await readFence(platform, directory);
    const run = Math.max(before?.run ?? 0, newestRun) + 1;
    const data: FenceData = { run, nonce: platform.random.nextUint32() };
    await writeFileAtomically(platform.files, directory, fileName, encodeJson(data));
    const fence = new Fence(platform, directory, data);
    await fence.check();
    return fence;
  }

  /** @throws MR_CHECKPOINT_FENCED when another run has taken over */
  async check(): Promise<void> {
    const now = await readFence(this.#platform, this.#directory);
    if (now?.run === this.run && now.nonce === this.#nonce) return;
    throw millraceError(
      "MR_CHECKPOINT_FENCED",
      now === undefined
        ? `The fence of the checkpoint directory ${this.#directory} is gone`
        : `Run ${now.run} has taken over the checkpoint directory ${this.#directory} from this run, ${this.run}`,
    );
  }
}

async function readFence(platform: Platform, directory: string): Promise<FenceData | undefined> {
  const path = `${directory}/${fileName}`;
  if (platform.files.statSync(path) === undefined) return undefined;
  try {
    const data = decodeJson(await readFile(platform.files, path)) as Partial<FenceData> | null;
    if (typeof data?.run === "number" && typeof data.nonce === "number") {
      return { run: data.run, nonce: data.nonce };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  // Not readable: whoever wrote it cannot prove to be the owner.
  return undefined;
}
