import type { Logger } from "../common/log/index.ts";
import type { Host, Timers } from "../common/platform/platform.ts";

/** How long a program may go on after its streams have stopped on a signal, in milliseconds. */
const farewellMs = 10_000;

const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Stops on the first SIGINT or SIGTERM and ends the process at once on the second. After the stop the
 * program may finish what it does; what keeps the process alive for long is cut off. Answers a function that
 * takes the handlers away.
 */
export function stopOnSignals(
  host: Host,
  timers: Timers,
  log: Logger,
  stop: () => Promise<void>,
): () => void {
  let isStopping = false;
  const onSignal = (name: keyof typeof signals) => (): void => {
    const code = signals[name];
    if (isStopping) {
      log.warn(`${name} again: leaving at once`);
      host.exit(code);
      return;
    }
    isStopping = true;
    log.info(`${name}: stopping`);
    const end = (): void => {
      timers.schedule(farewellMs, () => host.exit(code), { unref: true });
    };
    stop().then(end, error => {
      log.error(`Stopping on ${name} failed`, error);
      end();
    });
  };
  const removers = [
    host.onSignal("SIGINT", onSignal("SIGINT")),
    host.onSignal("SIGTERM", onSignal("SIGTERM")),
  ];
  return () => {
    for (const remove of removers) remove();
  };
}
