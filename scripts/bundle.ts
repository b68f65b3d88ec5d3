/**
 * Puts the core's modules together, as the last step of `npm run build`: Node takes half a millisecond for each of some
 * four hundred files, which is more than half of a program's start. What entry points share is in files they share, so
 * there is one of everything. All files lie in one folder, two below the package as the sources they are made of.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { workspaceRoot } from "./support/workspace.ts";

const folder = join(workspaceRoot, "packages/millrace");
const outdir = join(folder, "dist/lib");

rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: folder,
  entryPoints: {
    index: "src/index.ts",
    testing: "src/testing/index.ts",
    engine: "src/engine/spi.ts",
    "worker-main": "src/engine/local/worker-main.ts",
  },
  outdir,
  chunkNames: "shared-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.18",
  packages: "external",
  // The sources are part of the package.
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  // It does as it is written: what the user's function was given is passed on.
  logOverride: { "unsupported-dynamic-import": "silent" },
});
