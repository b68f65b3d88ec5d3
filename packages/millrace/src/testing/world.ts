import { type ConfValue, SparkConf } from "../common/conf/index.ts";
import { createDeterministicPlatform } from "../common/platform/deterministic/index.ts";
import type { Host, Platform } from "../common/platform/platform.ts";
import { systemPlatform } from "../common/platform/system/index.ts";
import { parseMaster } from "../engine/master.ts";
import { SparkContext } from "../rdd/index.ts";

/** What a test runs in: an engine, and a platform whose output is kept. */
export interface TestWorld {
  readonly sparkContext: SparkContext;
  /** What streams see: files and network are the engine's, standard output is kept. */
  readonly platform: Platform;
  /** A directory for checkpoints and outputs that belongs to this world alone. */
  readonly directory: string;
  /** Everything written to standard output so far. */
  printed(): string;
  /** Lets `ms` pass for whatever goes by the platform's clock. */
  pass(ms: number): Promise<void>;
  /** Stops the engine, if it is the world's own, and removes `directory`. */
  dispose(): Promise<void>;
}

/** What a world is made with. */
export interface WorldOptions {
  readonly master: string;
  readonly conf: Readonly<Record<string, ConfValue>>;
  readonly seed: number;
}

/**
 * One thread gets a simulated platform. Several threads need the real one, as they are real themselves;
 * signals are left to the test runner then.
 */
export function createWorld(options: WorldOptions): TestWorld {
  const conf = new SparkConf()
    .setMaster(options.master)
    .setAppName("test")
    // Failures reach the test as errors: logged as well they would only be noise.
    .set("spark.log.level", "off")
    .setAll(options.conf);
  const master = parseMaster(options.master, systemPlatform.host.processors);
  return master.kind === "remote" || master.threads > 1
    ? threadedWorld(conf)
    : simulatedWorld(conf, options.seed);
}

function simulatedWorld(conf: SparkConf, seed: number): TestWorld {
  const platform = createDeterministicPlatform({ seed });
  const sparkContext = new SparkContext(conf, { platform });
  return {
    sparkContext,
    platform,
    directory: "/test",
    printed: () => platform.host.stdoutText,
    pass: ms => platform.advance(ms),
    dispose: () => sparkContext.stop(),
  };
}

function threadedWorld(conf: SparkConf): TestWorld {
  const world = worldOn(new SparkContext(conf));
  return {
    ...world,
    dispose: async () => {
      await world.sparkContext.stop();
      await world.dispose();
    },
  };
}

/** A world on an engine that others may use too; it goes on when the world goes. */
export function worldOn(sparkContext: SparkContext): TestWorld {
  const { platform } = sparkContext;
  const { host, files, random } = platform;
  const temporary = host.environment("TMPDIR") ?? host.environment("TEMP") ?? "/tmp";
  const directory = `${temporary}/millrace-test-${random.nextUint32().toString(36)}${random.nextUint32().toString(36)}`;
  let printed = "";
  const quietHost: Host = {
    processors: host.processors,
    releasedShared: bytes => host.releasedShared(bytes),
    hostname: host.hostname,
    processId: host.processId,
    isProcessAlive: id => host.isProcessAlive(id),
    stdout: text => {
      printed += text;
    },
    stderr: text => host.stderr(text),
    stderrColumns: undefined,
    onSignal: () => () => {},
    exit: code => host.exit(code),
    environment: name => host.environment(name),
  };
  return {
    sparkContext,
    platform: { ...platform, host: quietHost },
    directory,
    printed: () => printed,
    pass: async () => {},
    dispose: () => files.remove(directory),
  };
}
