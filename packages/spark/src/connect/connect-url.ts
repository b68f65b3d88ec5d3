import { millraceError } from "millrace/engine";

/** A Spark Connect server's address, taken apart. */
export interface ConnectUrl {
  /** As `http://host:port`, or `https://` with `use_ssl=true`. */
  readonly baseUrl: string;
  readonly userId: string;
  /** Sent as a bearer token. */
  readonly token: string | undefined;
  /** The command that starts Node on an executor. */
  readonly node: string;
}

const DEFAULT_PORT = 15002;

/**
 * Understands Spark's form `sc://host[:port][/;key=value;…]` with the keys `user_id`, `token`, `use_ssl` and
 * our own `node` (the command that starts Node on an executor, default `node`).
 *
 * @throws MR_MASTER_INVALID
 */
export function parseConnectUrl(url: string): ConnectUrl {
  const match = /^sc:\/\/(\[[0-9a-fA-F:.]+\]|[^:/;[\]]+)(?::(\d+))?(?:\/(?:;(.*))?)?$/.exec(url);
  const port = Number(match?.[2] ?? DEFAULT_PORT);
  if (match === null || port < 1 || port > 65_535) {
    throw millraceError("MR_MASTER_INVALID", `${url} is no address of a Spark Connect server`, {
      hint: "Write sc://host:port, or sc://host:port/;key=value;key=value.",
    });
  }
  const parameters = new Map<string, string>();
  for (const part of (match[3] ?? "").split(";").filter(text => text !== "")) {
    const equals = part.indexOf("=");
    parameters.set(part.slice(0, Math.max(0, equals)), decodeURIComponent(part.slice(equals + 1)));
  }
  const scheme = parameters.get("use_ssl") === "true" || parameters.has("token") ? "https" : "http";
  return {
    baseUrl: `${scheme}://${match[1]}:${port}`,
    userId: parameters.get("user_id") ?? "millrace",
    token: parameters.get("token"),
    node: parameters.get("node") ?? "node",
  };
}
