import { millraceError } from "../../common/errors/index.ts";

/**
 * Checks where a socket stream is to connect to, when it is declared.
 * @throws MR_BAD_ARGUMENT
 */
export function checkSocket(operator: string, host: string, port: number): void {
  if (typeof host !== "string" || host === "") {
    throw millraceError(
      "MR_BAD_ARGUMENT",
      `${operator} needs the name of a host, got ${JSON.stringify(host)}`,
      {
        operator,
      },
    );
  }
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw millraceError("MR_BAD_ARGUMENT", `Port ${String(port)} is out of range`, {
    operator,
    hint: "A port is an integer from 1 to 65535.",
  });
}
