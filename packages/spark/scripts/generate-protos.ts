/**
 * Generates `src/gen` from Spark's own protocol definitions: `node packages/spark/scripts/generate-protos.ts JAR`,
 * where JAR is `spark-connect_2.13-<version>.jar` of a pyspark wheel. buf and protoc-gen-es come from npm for
 * this run only; the generated code is committed and keeps the definitions' licence notice.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const jar = process.argv[2];
if (jar === undefined) {
  console.error("usage: node packages/spark/scripts/generate-protos.ts JAR");
  process.exit(2);
}
const target = join(import.meta.dirname, "..", "src", "gen");
const work = mkdtempSync(join(tmpdir(), "millrace-protos-"));
try {
  execFileSync("unzip", ["-q", jar, "spark/connect/*.proto", "-d", join(work, "proto")]);
  // Not reached from the service: an example for authors of server plugins.
  rmSync(join(work, "proto/spark/connect/example_plugins.proto"));
  writeFileSync(join(work, "buf.yaml"), "version: v2\nmodules:\n  - path: proto\n");
  const plugin = { local: "protoc-gen-es", out: target, opt: "target=ts,import_extension=ts" };
  writeFileSync(join(work, "buf.gen.yaml"), JSON.stringify({ version: "v2", plugins: [plugin] }));
  rmSync(target, { recursive: true, force: true });
  const packages = ["@bufbuild/buf@1.75.0", "@bufbuild/protoc-gen-es@2.13.0"];
  const npx = ["--yes", ...packages.flatMap(name => ["-p", name]), "buf", "generate"];
  execFileSync("npx", npx, { cwd: work, stdio: "inherit" });
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const name of readdirSync(target, { recursive: true, encoding: "utf8" })) {
  if (name.endsWith(".ts")) eraseEnums(join(target, name));
}

/** Enums are no erasable TypeScript: they become constant objects with a type of the same name. */
function eraseEnums(file: string): void {
  const text = readFileSync(file, "utf8").replace(
    /^export enum (\w+) \{\n(.*?)^\}$/gms,
    (_, name: string, body: string) =>
      `export const ${name} = {\n${body.replace(/^( {2}\w+) = (\d+),$/gm, "$1: $2,")}} as const;\n` +
      `export type ${name} = (typeof ${name})[keyof typeof ${name}];`,
  );
  writeFileSync(file, text);
}
