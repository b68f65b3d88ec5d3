/** Those of gRPC's status codes that somebody here tells apart. */
export const GRPC = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  aborted: 10,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What a call failed with: the status that the server sent, or that of a link that broke. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly code: number;
  /** A serialised google.rpc.Status, when the server sent one. */
  readonly status: Uint8Array | undefined;

  constructor(code: number, message: string, status?: Uint8Array) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
