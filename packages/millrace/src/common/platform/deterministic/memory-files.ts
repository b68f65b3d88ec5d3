import type { FileSystem } from "../platform.ts";
import { systemPlatform } from "../system/index.ts";
import { SimulatedDisk } from "./disk.ts";
import { type FileCall, type FileFault, type InitialFiles, SimulatedFiles } from "./files.ts";

/** A file system in memory that a test looks into and lets fail. */
export interface MemoryFileSystem extends FileSystem {
  /** Asked before every call of the program what goes wrong with it; nothing by default. */
  onCall: ((call: FileCall) => FileFault | undefined) | undefined;
  /** Puts a whole file there at once, making parent directories; `modifiedMs` defaults to now. */
  put(path: string, content: string | Uint8Array, modifiedMs?: number): void;
  /** The content of a file as a UTF-8 text; `undefined` when there is none. */
  text(path: string): string | undefined;
  /** Sets the modification time of a file or directory that is there. Throws MR_PATH_NOT_FOUND. */
  touch(path: string, modifiedMs?: number): void;
}

/**
 * Makes a file system in memory for a context of a test, under whatever scheme: paths are the same with and without
 * scheme and host. It lives in the thread of the program, and so do the tasks of a context that has it. With `onCall`
 * single calls fail, as a full disk does, or everything does from some call on.
 *
 * ```ts
 * import assert from "node:assert";
 * import { SparkContext } from "millrace";
 * import { createMemoryFileSystem } from "millrace/testing";
 * const memory = createMemoryFileSystem({ "/in/a.txt": "to be\nor not\n" });
 * const sc = new SparkContext("local", "memory", { fileSystems: { memory } });
 * const lines = sc.textFile("memory:///in/*.txt", 1);
 * await lines.saveAsTextFile("memory:///out");
 * assert.equal(memory.text("/out/part-00000"), "to be\nor not\n");
 *
 * memory.onCall = ({ operation }) => (operation === "write" ? { kind: "error", errno: "ENOSPC" } : undefined);
 * await assert.rejects(lines.saveAsTextFile("memory:///full"), { code: "MR_IO", message: /no space left/ });
 * assert.equal(memory.statSync("/full"), undefined);
 * await sc.stop();
 * ```
 */
export function createMemoryFileSystem(files: InitialFiles = {}): MemoryFileSystem {
  const { clock, timers } = systemPlatform;
  let isCrashed = false;
  const memory = new SimulatedFiles(new SimulatedDisk(clock.now()), {
    clock,
    get isCrashed() {
      return isCrashed;
    },
    yieldTurn: () => timers.yieldTurn(),
    crash() {
      isCrashed = true;
    },
  });
  for (const [path, content] of Object.entries(files)) memory.put(path, content);
  return memory;
}
