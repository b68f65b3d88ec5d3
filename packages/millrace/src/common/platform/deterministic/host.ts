import type { Host } from "../platform.ts";

type Signal = Parameters<Host["onSignal"]>[0];

/** A process whose output is kept, whose signals are raised by hand and whose end is only noted down. */
export class SimulatedHost implements Host {
  readonly processors: number;
  readonly hostname = "simulated";
  readonly processId = 1;
  stderrColumns: number | undefined;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #handlers = new Map<Signal, Set<() => void>>();
  stdoutText = "";
  stderrText = "";
  exitCode: number | undefined;
  /** Whether the process has died, so that it writes no more. */
  isCrashed = false;

  constructor(processors: number, environment: Readonly<Record<string, string>>) {
    this.processors = processors;
    this.#environment = environment;
  }

  isProcessAlive(id: number): boolean {
    return id === this.processId && !this.isCrashed;
  }

  stdout(text: string): void {
    if (!this.isCrashed) this.stdoutText += text;
  }

  stderr(text: string): void {
    if (!this.isCrashed) this.stderrText += text;
  }

  onSignal(signal: Signal, handler: () => void): () => void {
    const handlers = this.#handlers.get(signal) ?? new Set();
    this.#handlers.set(signal, handlers);
    // Each call is a registration of its own, also of the same function.
    const registered = (): void => handler();
    handlers.add(registered);
    return () => {
      handlers.delete(registered);
    };
  }

  /** Calls the handlers of a signal; false when there is none, which would have ended a real process. */
  raise(signal: Signal): boolean {
    const handlers = [...(this.#handlers.get(signal) ?? [])];
    for (const handler of handlers) handler();
    return handlers.length > 0;
  }

  releasedShared(): void {}

  exit(code: number): void {
    this.exitCode ??= code;
  }

  environment(name: string): string | undefined {
    return this.#environment[name];
  }
}
