import { availableParallelism, hostname } from "node:os";
import { errnoOf, fileError } from "../io-error.ts";
import type { Host } from "../platform.ts";
import { releasedShared } from "./shared-garbage.ts";

const prepared = new WeakSet<NodeJS.WriteStream>();

function write(stream: NodeJS.WriteStream, name: string, text: string): void {
  if (!prepared.has(stream)) {
    prepared.add(stream);
    prepare(stream, name);
  }
  stream.write(text);
}

function prepare(stream: NodeJS.WriteStream, name: string): void {
  stream.on("error", error => {
    // The reader went away, as in `millrace … | head`: what it no longer wants is no failure of ours.
    if (errnoOf(error) !== "EPIPE") throw fileError("write", name, error);
  });
  // Node writes to files and terminals at once, but to a pipe only as fast as it is read: exit() would cut
  // off what is still waiting. There is no public way to change that; without this one all else still works.
  const { _handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): unknown } };
  _handle?.setBlocking?.(true);
}

/** The process and machine this program runs in. */
export const systemHost: Host = {
  releasedShared,
  get processors() {
    return availableParallelism();
  },
  get hostname() {
    return hostname();
  },
  processId: process.pid,
  isProcessAlive: id => {
    try {
      return process.kill(id, 0);
    } catch (error) {
      // It is there, but not ours.
      return errnoOf(error) === "EPERM";
    }
  },
  stdout: text => write(process.stdout, "standard output", text),
  stderr: text => write(process.stderr, "standard error", text),
  get stderrColumns() {
    return process.stderr.isTTY ? process.stderr.columns : undefined;
  },
  onSignal: (signal, handler) => {
    // A signal listener does not keep the process alive.
    const listener = (): void => handler();
    process.on(signal, listener);
    return () => {
      process.off(signal, listener);
    };
  },
  exit: code => process.exit(code),
  environment: name => process.env[name],
};
