const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `body`, and `cleanUp` after it in every case: when it has come to its end, when it failed, and when this process
 * is told to end, for which `body` is asked to give up first. The process then ends of that signal.
 */
export async function withCleanUp<R>(
  body: (giveUp: AbortSignal) => Promise<R>,
  cleanUp: () => Promise<unknown>,
): Promise<R> {
  const giveUp = new AbortController();
  let received: NodeJS.Signals | undefined;
  // A second one, of somebody who cannot wait, must not end the process before it has cleaned up.
  const onSignal = (signal: NodeJS.Signals): void => {
    received ??= signal;
    giveUp.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await body(giveUp.signal);
  } finally {
    try {
      await cleanUp();
    } finally {
      for (const signal of signals) process.off(signal, onSignal);
      if (received !== undefined) process.kill(process.pid, received);
    }
  }
}
