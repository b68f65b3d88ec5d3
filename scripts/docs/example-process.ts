/**
 * Runs examples one after the other in this process: the parent sends the path of one, gets told how it
 * ended, and sends the next. When the parent disconnects, the process has to end by itself.
 */
import { pathToFileURL } from "node:url";

// A failed assertion has to fail the example, not just print.
console.assert = (condition?: boolean, ...message: unknown[]) => {
  if (!condition) throw new Error(`Assertion failed${message.length > 0 ? `: ${message.join(" ")}` : ""}`);
};

process.on("message", (path: string) => {
  import(pathToFileURL(path).href).then(
    () => process.send?.({ path }),
    (error: unknown) => process.send?.({ path, error: describe(error) }),
  );
});

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? String(error.stack)
    : `${error.stack}\nCaused by: ${describe(error.cause)}`;
}
