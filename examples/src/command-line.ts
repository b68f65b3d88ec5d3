/** The arguments of an example are wrong; the message says how to use it. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Reads `<host> <port>`; `usage` is all the example takes. */
export function hostAndPort(
  args: readonly string[],
  name: string,
  usage = "<host> <port>",
): [host: string, port: number] {
  const [host, portText, ...rest] = args;
  const port = Number(portText);
  if (host === undefined || portText === undefined || rest.length > 0) {
    throw new UsageError(`Usage: ${name} ${usage}`);
  }
  if (!/^\d+$/.test(portText) || port < 1 || port > 65_535) {
    throw new UsageError(
      `Usage: ${name} ${usage}\nThe port must be a number from 1 to 65535, not "${portText}".`,
    );
  }
  return [host, port];
}

/** Runs an example when its file is the program that was started; prints the usage for wrong arguments. */
export async function runIfMain(
  file: string,
  run: (args: readonly string[]) => Promise<void>,
): Promise<void> {
  if (process.argv[1] !== file) return;
  try {
    await run(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
