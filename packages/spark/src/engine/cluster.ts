import { deserialize, serialize } from "node:v8";
import { millraceError, type Platform } from "millrace/engine";
import type { ConnectUrl } from "../connect/connect-url.ts";
import { pythonCommand } from "../connect/python-command.ts";
import { localRows, mapPartitions } from "../connect/relations.ts";
import { pythonVersionIn } from "../connect/remote-error.ts";
import { Session } from "../connect/session.ts";
import type { Relation } from "../gen/spark/connect/relations_pb.ts";
import { executorBundle } from "./executor-bundle.ts";
import { ClosurePacker } from "./packed-closure.ts";
import { type Hello, KIND_INPUT, type Program } from "./stage-program.ts";
import { UserModules } from "./user-modules.ts";

/** Tried first; servers say which one they have. */
const LIKELY_PYTHON = "3.11";
/** By server: asking costs a failed job. */
const pythonVersions = new Map<string, string>();

const LEAST_NODE: readonly [number, number] = [22, 18];

/** A session whose executors are known to run our programs. */
export class Cluster {
  readonly session: Session;
  readonly modules: UserModules;
  readonly packer: ClosurePacker;
  readonly #argv: readonly string[];
  readonly #python: string;

  private constructor(session: Session, argv: readonly string[], python: string) {
    this.session = session;
    this.modules = new UserModules(session);
    this.packer = new ClosurePacker(session);
    this.#argv = argv;
    this.#python = python;
  }

  /**
   * Opens a session, uploads the executors' program and has one run.
   *
   * @throws MR_SPARK_UNREACHABLE, MR_SPARK_EXECUTOR
   */
  static async open(url: ConnectUrl, platform: Platform): Promise<Cluster> {
    const session = new Session(url, platform);
    try {
      const bundle = await executorBundle();
      await session.sparkVersion;
      const argv = [url.node, `{root}/${await session.upload("millrace", "cjs", bundle)}`];
      for (let python = pythonVersions.get(url.baseUrl) ?? LIKELY_PYTHON; ; ) {
        const cluster = new Cluster(session, argv, python);
        try {
          await cluster.#greet();
          pythonVersions.set(url.baseUrl, python);
          return cluster;
        } catch (error) {
          const other = pythonVersionIn((error as Error).cause) ?? pythonVersionIn(error);
          if (other === undefined || other === python) throw error;
          python = other;
        }
      }
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Runs a program on every partition of a relation. */
  run(input: Relation, program: Program): Relation {
    return mapPartitions(input, pythonCommand(serialize(program), this.#argv), this.#python);
  }

  async #greet(): Promise<void> {
    const row = { partition: 0, kind: KIND_INPUT, sequence: 0, bytes: new Uint8Array(1) };
    const [answer] = await this.session.collect(this.run(localRows([row]), { kind: "hello" }));
    if (answer === undefined) throw millraceError("MR_SPARK_EXECUTOR", "an executor answered nothing");
    const { node } = deserialize(Buffer.from(answer.bytes)) as Hello;
    const [major = 0, minor = 0] = node.slice(1).split(".").map(Number);
    if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
      throw millraceError("MR_SPARK_EXECUTOR", `executors run Node ${node}, which is too old`);
    }
  }
}
