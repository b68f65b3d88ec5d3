import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const CACHE = join(import.meta.dirname, "../../.cache");
const SOURCES = join(import.meta.dirname, "../../spark-peer");
const CLASSES = join(CACHE, "spark-peer-classes");
/** The same for executors, which are sent it. */
export const PEER_JAR: string = join(CACHE, "spark-peer.jar");
/** The version to compare with, and what will do when the index does not have it. */
const WANTED_VERSIONS = ["pyspark==4.1.*", "pyspark>=4,<5"] as const;
const MIN_JAVA = 17;

/** Spark cannot take part; the message is one line that says what is missing. */
export class PeerMissing extends Error {
  override readonly name = "PeerMissing";
}

/** Where the pieces of the peer lie once `prepareSpark` has run. */
export function sparkClassPath(): string {
  const home = installedHome();
  if (!home) throw new PeerMissing("Spark is not installed: run npm run bench -- --peer spark");
  return `${CLASSES}:${join(CACHE, home, "deps/jars")}/*`;
}

/**
 * Makes sure of Java, of Spark's jars (from the `pyspark` package, kept in `bench/.cache`) and of our compiled
 * peer program; answers Spark's version.
 * @throws PeerMissing
 */
export async function prepareSpark(progress: (text: string) => void): Promise<string> {
  await checkJava();
  if (!installedHome()) await install(progress);
  await compile(progress);
  return (installedHome() as string).slice("spark-".length);
}

function installedHome(): string | undefined {
  if (!existsSync(CACHE)) return undefined;
  return readdirSync(CACHE)
    .filter(name => /^spark-\d/.test(name))
    .sort()
    .at(-1);
}

async function checkJava(): Promise<void> {
  const { stdout } = await run("javac", ["--version"]).catch(() => {
    throw new PeerMissing(`--peer spark needs a JDK ${MIN_JAVA} or newer: javac was not found`);
  });
  const version = Number(/\d+/.exec(stdout)?.[0]);
  if (!(version >= MIN_JAVA)) {
    throw new PeerMissing(`--peer spark needs a JDK ${MIN_JAVA} or newer: javac is ${stdout.trim()}`);
  }
}

async function install(progress: (text: string) => void): Promise<void> {
  const downloads = join(CACHE, "pyspark-download");
  mkdirSync(downloads, { recursive: true });
  try {
    const archive = await download(downloads, progress);
    const version = /pyspark-(\d+(?:\.\d+)*)/.exec(archive)?.[1] as string;
    const unpacked = join(downloads, "unpacked");
    mkdirSync(unpacked, { recursive: true });
    progress(`unpacking the jars of Spark ${version}`);
    await run("tar", [
      ...["-xzf", join(downloads, archive), "-C", unpacked],
      ...["--strip-components=1", "--wildcards", "*/deps/jars/*"],
    ]);
    renameSync(unpacked, join(CACHE, `spark-${version}`));
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

async function download(directory: string, progress: (text: string) => void): Promise<string> {
  let reason = "";
  for (const wanted of WANTED_VERSIONS) {
    progress(`downloading ${wanted} (about 450 MB, once)`);
    try {
      await run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "-d", directory, wanted]);
      const archive = readdirSync(directory).find(name => /^pyspark-.*\.tar\.gz$/.test(name));
      if (archive !== undefined) return archive;
    } catch (error) {
      reason = lastLine(String((error as { stderr?: string }).stderr ?? (error as Error).message));
    }
  }
  throw new PeerMissing(`--peer spark: pyspark could not be downloaded with python3 -m pip: ${reason}`);
}

async function compile(progress: (text: string) => void): Promise<void> {
  const sources = readdirSync(SOURCES)
    .filter(name => name.endsWith(".java"))
    .map(name => join(SOURCES, name));
  const newest = Math.max(...sources.map(source => statSync(source).mtimeMs));
  if (existsSync(PEER_JAR) && statSync(PEER_JAR).mtimeMs > newest) return;
  progress("compiling the Spark peer");
  rmSync(CLASSES, { recursive: true, force: true });
  mkdirSync(CLASSES, { recursive: true });
  await run("javac", ["-nowarn", "-cp", sparkClassPath(), "-d", CLASSES, ...sources]);
  await run("jar", ["--create", "--file", PEER_JAR, "-C", CLASSES, "."]);
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
