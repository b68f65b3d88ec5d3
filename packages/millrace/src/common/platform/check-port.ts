import { millraceError } from "../errors/index.ts";

/**
 * Checks a TCP port; `lowest` is 0 where any free one may be taken, else 1.
 *
 * @throws MR_BAD_ARGUMENT
 */
export function checkPort(port: number, lowest: 0 | 1): void {
  if (Number.isInteger(port) && port >= lowest && port <= 65535) return;
  throw millraceError("MR_BAD_ARGUMENT", `Port ${port} is out of range`, {
    hint: `A port is an integer from ${lowest} to 65535.`,
  });
}
