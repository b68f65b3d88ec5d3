import { fileURLToPath } from "node:url";
import { build } from "esbuild";

let bundled: Promise<Uint8Array> | undefined;

/** The program of executors: the core's task code and its entry in one CommonJS file. Made once per process. */
export function executorBundle(): Promise<Uint8Array> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<Uint8Array> {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = fileURLToPath(new URL(`../executor/main.${isSource ? "ts" : "js"}`, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node22",
    conditions: isSource ? ["millrace-source"] : [],
    define: { "import.meta.url": "millraceModuleUrl", "import.meta.dirname": "__dirname" },
    banner: { js: 'const millraceModuleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "silent",
  });
  return (outputFiles[0] as (typeof outputFiles)[number]).contents;
}
