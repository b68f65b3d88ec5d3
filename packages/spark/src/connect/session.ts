import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Client, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { millraceError, type Platform, type StorageLevel, type Timer } from "millrace/engine";
import {
  type AddArtifactsRequestSchema,
  type ConfigRequestSchema,
  type ExecutePlanResponse,
  InterruptRequest_InterruptType,
  type Plan,
  PlanSchema,
  SparkConnectService,
} from "../gen/spark/connect/base_pb.ts";
import type { Relation } from "../gen/spark/connect/relations_pb.ts";
import type { ConnectUrl } from "./connect-url.ts";
import { errorIdOf, sparkFailure } from "./remote-error.ts";
import { decodeRows, type Row } from "./rows.ts";

/** Time a call that does little work may take. */
const CALL_MS = 60_000;
/** A running plan may be silent as long as its tasks take: after this long the server is asked for a sign of life. */
const SILENCE_MS = 20_000;
const KEEP_ALIVE_MS = 5 * 60_000;
/** Artifacts travel in pieces of this size, as Spark's own clients send them. */
const CHUNK_BYTES = 32 * 1024;

const SESSION_CONF: Readonly<Record<string, string>> = {
  "spark.sql.adaptive.enabled": "false",
  "spark.sql.execution.arrow.maxRecordsPerBatch": "32",
  // Row i of inline data is a partition of its own.
  "spark.sql.leafNodeDefaultParallelism": "1000000",
  // Unions of equal partitioning would be merged partition by partition (4.1); ours are counted through.
  "spark.sql.unionOutputPartitioning": "false",
  "spark.connect.progress.reportInterval": "-1",
};

type ConfigOperation = NonNullable<
  NonNullable<MessageInitShape<typeof ConfigRequestSchema>["operation"]>["opType"]
>;

/** One session on a Connect server; every call has a deadline and fails with a coded error. */
export class Session {
  readonly sparkVersion: Promise<string>;
  readonly #url: ConnectUrl;
  readonly #platform: Platform;
  readonly #http2: Http2SessionManager;
  readonly #client: Client<typeof SparkConnectService>;
  readonly #id: string;
  /** Sent from the first answer on: without it a restarted server would make a new session of this name. */
  #serverSideId: string | undefined;
  readonly #artifacts = new Map<string, Promise<void>>();
  readonly #executing = new Map<string, AbortController>();
  #keepAlive: Timer | undefined;
  #isClosed = false;

  /** Nothing is sent before the first call. */
  constructor(url: ConnectUrl, platform: Platform) {
    this.#url = url;
    this.#platform = platform;
    this.#id = uuid(platform);
    this.#http2 = new Http2SessionManager(url.baseUrl, { idleConnectionTimeoutMs: KEEP_ALIVE_MS * 2 });
    const headers = url.token === undefined ? undefined : { authorization: `Bearer ${url.token}` };
    const transport = createGrpcTransport({
      baseUrl: url.baseUrl,
      sessionManager: this.#http2,
      readMaxBytes: 512 << 20,
      writeMaxBytes: 512 << 20,
      interceptors:
        headers === undefined
          ? []
          : [
              next => request => {
                request.header.set("authorization", headers.authorization);
                return next(request);
              },
            ],
    });
    this.#client = createClient(SparkConnectService, transport);
    this.sparkVersion = this.#open();
    this.sparkVersion.catch(() => {});
  }

  /** Uploads a file of the session, once; answers its name in the session's directory. */
  async upload(prefix: string, extension: string, bytes: Uint8Array): Promise<string> {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 24);
    const name = `${prefix}-${hash}.${extension}`;
    let upload = this.#artifacts.get(name);
    if (upload === undefined) {
      upload = this.#upload(`files/${name}`, bytes);
      this.#artifacts.set(name, upload);
      upload.catch(() => this.#artifacts.delete(name));
    }
    await upload;
    return name;
  }

  /** The rows of a relation. */
  async collect(relation: Relation, signal?: AbortSignal): Promise<Row[]> {
    const rows: Row[] = [];
    await this.#execute(
      create(PlanSchema, { opType: { case: "root", value: relation } }),
      ({ responseType }) => {
        if (responseType.case === "arrowBatch") rows.push(...decodeRows(responseType.value.data));
      },
      signal,
    );
    return rows;
  }

  /** Computes a relation and keeps its rows on the cluster; answers the id of what is kept. */
  async checkpoint(relation: Relation, level: StorageLevel, signal?: AbortSignal): Promise<string> {
    let id: string | undefined;
    const { useDisk, useMemory, useOffHeap, deserialized, replication } = level;
    const storageLevel = { useDisk, useMemory, useOffHeap, deserialized, replication };
    await this.#execute(
      create(PlanSchema, {
        opType: {
          case: "command",
          value: {
            commandType: {
              case: "checkpointCommand",
              value: { relation, local: true, eager: true, storageLevel },
            },
          },
        },
      }),
      ({ responseType }) => {
        if (responseType.case === "checkpointCommandResult") id = responseType.value.relation?.relationId;
      },
      signal,
    );
    if (id === undefined) throw millraceError("MR_SPARK_FAILED", "a checkpoint was not answered");
    return id;
  }

  /** Lets go of what a checkpoint kept. */
  async remove(relationId: string): Promise<void> {
    if (this.#isClosed) return;
    await this.#execute(
      create(PlanSchema, {
        opType: {
          case: "command",
          value: {
            commandType: {
              case: "removeCachedRemoteRelationCommand",
              value: { relation: { relationId } },
            },
          },
        },
      }),
      () => {},
    );
  }

  /** Gives up what runs and ends the session on the server, which would else keep its Python daemons. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#keepAlive?.cancel();
    for (const controller of this.#executing.values()) controller.abort();
    try {
      if (this.#serverSideId !== undefined) {
        await this.#client.releaseSession(this.#header(), { timeoutMs: 10_000 });
      }
    } catch {
      // The server is gone or ended the session itself.
    } finally {
      this.#http2.abort();
    }
  }

  async #open(): Promise<string> {
    const version = await this.#call(async () => {
      const answer = await this.#client.analyzePlan(
        { ...this.#header(), analyze: { case: "sparkVersion", value: {} } },
        { timeoutMs: CALL_MS },
      );
      this.#serverSideId = answer.serverSideSessionId;
      return answer.result.case === "sparkVersion" ? answer.result.value.version : "";
    });
    const pairs = Object.entries(SESSION_CONF).map(([key, value]) => ({ key, value }));
    await this.#config({ case: "set", value: { pairs } });
    this.#stayAlive();
    return version;
  }

  #stayAlive(): void {
    const ping = () => {
      this.#ping().catch(() => {});
      this.#stayAlive();
    };
    if (!this.#isClosed) {
      this.#keepAlive = this.#platform.timers.schedule(KEEP_ALIVE_MS, ping, { unref: true });
    }
  }

  #ping(): Promise<unknown> {
    return this.#config({ case: "get", value: { keys: ["spark.sql.adaptive.enabled"] } });
  }

  #config(opType: ConfigOperation): Promise<unknown> {
    return this.#call(() =>
      this.#client.config({ ...this.#header(), operation: { opType } }, { timeoutMs: CALL_MS }),
    );
  }

  async #upload(name: string, bytes: Uint8Array): Promise<void> {
    const header = this.#header();
    const requests = function* (): Generator<MessageInitShape<typeof AddArtifactsRequestSchema>> {
      const numChunks = Math.ceil(bytes.length / CHUNK_BYTES);
      for (let i = 0; i < numChunks; i++) {
        const data = bytes.slice(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
        const chunk = { data, crc: BigInt(crc32(data)) };
        if (numChunks === 1) {
          yield { ...header, payload: { case: "batch", value: { artifacts: [{ name, data: chunk }] } } };
        } else if (i === 0) {
          const [totalBytes, chunks] = [BigInt(bytes.length), BigInt(numChunks)];
          const value = { name, totalBytes, numChunks: chunks, initialChunk: chunk };
          yield { ...header, payload: { case: "beginChunk", value } };
        } else {
          yield { ...header, payload: { case: "chunk", value: chunk } };
        }
      }
    };
    const { artifacts } = await this.#call(() =>
      this.#client.addArtifacts(asAsync(requests()), { timeoutMs: CALL_MS }),
    );
    if (artifacts.some(({ isCrcSuccessful }) => !isCrcSuccessful)) {
      throw millraceError("MR_SPARK_FAILED", `the file ${name} arrived damaged`);
    }
  }

  async #execute(
    plan: Plan,
    onResponse: (response: ExecutePlanResponse) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    if (this.#isClosed) throw millraceError("MR_JOB_CANCELLED", "the context was stopped");
    await this.sparkVersion;
    const operationId = uuid(this.#platform);
    const controller = new AbortController();
    this.#executing.set(operationId, controller);
    const onAbort = () => {
      this.#interrupt(operationId);
      controller.abort();
    };
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted === true) onAbort();
    let silence: unknown;
    let watch: Timer | undefined;
    const listen = () => {
      watch?.cancel();
      watch = this.#platform.timers.schedule(SILENCE_MS, askForLife, { unref: true });
    };
    const askForLife = () => {
      this.#ping().then(
        () => {
          if (this.#executing.has(operationId)) listen();
        },
        error => {
          silence = error;
          controller.abort();
        },
      );
    };
    listen();
    try {
      const call = { ...this.#header(), operationId, plan };
      for await (const response of this.#client.executePlan(call, { signal: controller.signal })) {
        listen();
        this.#serverSideId ??= response.serverSideSessionId;
        onResponse(response);
      }
    } catch (error) {
      if (silence !== undefined) throw silence;
      if (controller.signal.aborted) {
        const reason = signal?.aborted === true ? signal.reason : "the context was stopped";
        throw millraceError("MR_JOB_CANCELLED", `the job was cancelled: ${describe(reason)}`, {
          cause: error,
        });
      }
      throw await this.#failure(error);
    } finally {
      watch?.cancel();
      signal?.removeEventListener("abort", onAbort);
      this.#executing.delete(operationId);
    }
  }

  #interrupt(operationId: string): void {
    const interruptType = InterruptRequest_InterruptType.OPERATION_ID;
    const interrupt = { case: "operationId", value: operationId } as const;
    this.#client
      .interrupt({ ...this.#header(), interruptType, interrupt }, { timeoutMs: CALL_MS })
      .catch(() => {});
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw await this.#failure(error);
    }
  }

  /** Messages are cut off in transit; the server keeps the whole text for a while. */
  async #failure(error: unknown): Promise<Error> {
    const errorId = errorIdOf(error);
    let text: string | undefined;
    if (errorId !== undefined) {
      try {
        const details = await this.#client.fetchErrorDetails(
          { ...this.#header(), errorId },
          { timeoutMs: CALL_MS },
        );
        text = details.errors.map(({ message }) => message).join("\ncaused by: ");
      } catch {
        // What came with the error has to do.
      }
    }
    return sparkFailure(error, this.#url.baseUrl, text === "" ? undefined : text);
  }

  #header() {
    const { userId } = this.#url;
    const header = {
      sessionId: this.#id,
      userContext: { userId, userName: userId },
      clientType: "millrace",
    };
    return this.#serverSideId === undefined
      ? header
      : { ...header, clientObservedServerSideSessionId: this.#serverSideId };
  }
}

async function* asAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

function describe(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason ?? "no reason given");
}

/** A random UUID, version 4. */
function uuid({ random }: Platform): string {
  const bytes = Buffer.alloc(16);
  for (let i = 0; i < 16; i += 4) bytes.writeUInt32LE(random.nextUint32(), i);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
