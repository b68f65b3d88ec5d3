/**
 * Every error a user can meet. The key is the code; `kind` is the class a Spark user would catch, `hint`
 * says what to do unless the place that throws knows better.
 */
export const errorTable = {
  MR_INTERNAL: {
    kind: "SparkException",
    hint: "This is a defect in Millrace: please report it with the stack.",
  },
  MR_BAD_ARGUMENT: { kind: "IllegalArgumentException", hint: "Correct the argument." },
  MR_CONF_BAD_VALUE: {
    kind: "IllegalArgumentException",
    hint: "Correct the value of this configuration key.",
  },
  MR_CONF_BAD_NUMBER: {
    kind: "NumberFormatException",
    hint: 'Write a number with a unit, such as "10s" or "200ms".',
  },
  MR_CONF_MISSING: { kind: "NoSuchElementException", hint: "Set the key, or give get() a default." },
  MR_MASTER_INVALID: {
    kind: "SparkException",
    hint: "Use local, local[n], local[*], local[n,maxFailures] or sc://host:port.",
  },
  MR_ENGINE_MISSING: {
    kind: "SparkException",
    hint: "Install the package next to millrace: npm install @millrace/spark.",
  },
  MR_SPARK_UNREACHABLE: {
    kind: "SparkException",
    hint: "Check that a Spark Connect server listens at this address.",
  },
  MR_SPARK_TIMEOUT: {
    kind: "SparkException",
    hint: "The Connect server answers nothing: it may be out of memory or cut off; see its log.",
  },
  MR_SPARK_SESSION_LOST: {
    kind: "SparkException",
    hint: "The Connect server was restarted or the session timed out: make a new SparkContext.",
  },
  MR_SPARK_FAILED: { kind: "SparkException", hint: "Spark's own error is in the message and the cause." },
  MR_SPARK_EXECUTOR: {
    kind: "SparkException",
    hint: "Executors need Python with pyarrow, and Node 22.18 or newer; name Node's path as sc://host:port/;node=PATH.",
  },
  MR_INLINE_TOO_LARGE: {
    kind: "SparkException",
    hint: "Read large data on the executors (textFile), use more partitions, or receive less per batch.",
  },
  MR_CONTEXT_STOPPED: { kind: "IllegalStateException", hint: "Create a new SparkContext." },
  MR_PATH_NOT_FOUND: { kind: "SparkException", hint: "Check the path; globs must match at least one file." },
  MR_PATH_EXISTS: { kind: "SparkException", hint: "Choose another directory or remove this one first." },
  MR_FILE_SYSTEM_MISSING: {
    kind: "IllegalArgumentException",
    hint: "Give the context one for this scheme: `new SparkContext(conf, { fileSystems: { scheme: … } })`.",
  },
  MR_IO: {
    kind: "SparkException",
    hint: "Check the file, its permissions and the space left on the device.",
  },
  MR_NETWORK: { kind: "SparkException", hint: "Check the host, the port and that something listens there." },
  MR_TASK_FAILED: { kind: "SparkException", hint: "The cause holds your function's own error and stack." },
  MR_ACCUMULATOR: {
    kind: "IllegalStateException",
    hint: "Register an accumulator once, with sc.register, before functions use it.",
  },
  MR_BROADCAST_DESTROYED: {
    kind: "SparkException",
    hint: "Destroy a broadcast variable after the last job that reads it, or make a new one.",
  },
  MR_CODEC_MISSING: {
    kind: "IllegalArgumentException",
    hint: "Run `npm install lz4-napi`, or set spark.io.compression.codec to zstd, which needs nothing.",
  },
  MR_SPILL: {
    kind: "SparkException",
    hint: "Free space there, or name another directory with spark.local.dir.",
  },
  MR_WORKER_LOST: { kind: "SparkException", hint: "A worker thread died; see the cause." },
  MR_STATE_NOT_SET: {
    kind: "NoSuchElementException",
    hint: "Ask exists() first, or use getOption(), which answers undefined.",
  },
  MR_STATE_CHANGE: {
    kind: "IllegalArgumentException",
    hint: "After remove(), and when isTimingOut(), leave the state alone: the key goes by itself.",
  },
  MR_STATE_LOST: {
    kind: "SparkException",
    hint: "The thread that held the state died. Start again from the checkpoint.",
  },
  MR_CHECKPOINT_DIR: {
    kind: "SparkException",
    hint: "Call setCheckpointDir(directory) on the SparkContext first.",
  },
  MR_CHECKPOINT_LOST: {
    kind: "SparkException",
    hint: "A local checkpoint lives as long as the thread that computed it: use a reliable one for data that must survive.",
  },
  MR_JOB_CANCELLED: { kind: "SparkException", hint: "The job was cancelled." },
  MR_EMPTY_COLLECTION: {
    kind: "UnsupportedOperationException",
    hint: "Check isEmpty() first, or use fold with a zero value.",
  },
  MR_STORAGE_LEVEL: {
    kind: "UnsupportedOperationException",
    hint: "Call unpersist() first, or persist once only.",
  },
  MR_NOT_A_PAIR: {
    kind: "IllegalArgumentException",
    hint: "Pair operations need [key, value] arrays: map to pairs first.",
  },
  MR_NOT_A_NUMBER: {
    kind: "IllegalArgumentException",
    hint: "Statistics need numbers: map to numbers first.",
  },
  MR_NOT_FINITE: {
    kind: "UnsupportedOperationException",
    hint: "Filter out what is not finite, or give the edges of the buckets.",
  },
  MR_PIPE_FAILED: {
    kind: "IllegalStateException",
    hint: "The command must be there wherever tasks run, and end with status 0.",
  },
  MR_KEY_UNSUPPORTED: {
    kind: "IllegalArgumentException",
    hint: "Use strings, numbers, booleans, null, dates, or arrays and plain objects of these as keys.",
  },
  MR_RECORD_UNSHIPPABLE: {
    kind: "SparkException",
    hint: "Records between threads must be data: no functions, symbols or handles. Use local[1], or map to plain data.",
  },
  MR_ZIP_UNEQUAL: {
    kind: "SparkException",
    hint: "Make both RDDs from the same one with map, or join by key.",
  },
  MR_PARTITIONER: {
    kind: "IllegalArgumentException",
    hint: "A partitioner must answer an integer from 0 to numPartitions - 1.",
  },
  MR_CLOSURE_UNSHIPPABLE: {
    kind: "SparkException",
    hint: "Create this value inside the function, or pass plain data instead.",
  },
  MR_CLOSURE_REVIVE: {
    kind: "SparkException",
    hint: "The modules that the function imports must be there, with the same exports, wherever it runs.",
  },
  MR_CLOSURE_NATIVE: { kind: "SparkException", hint: "Wrap it in an arrow function of your own." },
  MR_STREAMING_STATE: {
    kind: "IllegalStateException",
    hint: "Declare all streams and outputs before start().",
  },
  MR_STREAMING_NOT_STARTED: { kind: "SparkException", hint: "Start the context first." },
  MR_STREAMING_STARTED: {
    kind: "UnsupportedOperationException",
    hint: "Set up streams before the context starts.",
  },
  MR_STREAMING_IN_LISTENER: {
    kind: "SparkException",
    hint: "Stop the context after the callback has returned.",
  },
  MR_STREAMING_NO_OUTPUT: {
    kind: "IllegalArgumentException",
    hint: "Register an output operation such as print() or foreachRDD().",
  },
  MR_STREAMING_DURATION: {
    kind: "IllegalArgumentException",
    hint: "Windows and slides must be multiples of the parent stream's slide.",
  },
  MR_STREAMING_JOB_FAILED: {
    kind: "SparkException",
    hint: "The cause is the error of the output operation.",
  },
  MR_STREAMING_GENERATION_FAILED: {
    kind: "SparkException",
    hint: "The cause is the error of a transform function or an input stream.",
  },
  MR_STREAMING_CHECKPOINT: {
    kind: "IllegalArgumentException",
    hint: "Correct the checkpoint directory or interval.",
  },
  MR_CHECKPOINT_DAMAGED: {
    kind: "SparkException",
    hint: "Restore the checkpoint directory from a copy, or begin anew with getOrCreate(…, { createOnError: true }).",
  },
  MR_CHECKPOINT_FENCED: {
    kind: "SparkException",
    hint: "Only one program may run on a checkpoint directory; the newest keeps it.",
  },
  MR_CHECKPOINT_MISMATCH: {
    kind: "IllegalArgumentException",
    hint: "Undo the change of the program, or accept it with spark.streaming.recovery.accept.",
  },
  MR_WINDOW_INVERSE: {
    kind: "SparkException",
    hint: "The inverse must take out what reduce added, and a filter may only drop keys that have left the window.",
  },
  MR_RECORD_LENGTH: {
    kind: "SparkException",
    hint: "A file of fixed-length records must be a multiple of the record length in size.",
  },
  MR_RECEIVER_STORE: {
    kind: "SparkException",
    hint: "Receive less at a time, give the receiver a storage level with disk, or raise spark.streaming.receiver.maxMemory.",
  },
  MR_RECEIVER: { kind: "SparkException", hint: "See the receiver's own error." },
  MR_WAL: {
    kind: "SparkException",
    hint: "See the cause: received data that was not logged was not acknowledged either, so its source may send it again.",
  },
  MR_SINK_DAMAGED: {
    kind: "SparkException",
    hint: "Somebody changed the files of the sink, or the disk lost them: restore them, or write to a new directory.",
  },
  MR_SINK_FENCED: {
    kind: "SparkException",
    hint: "Stop one of the two applications, or give them sinks of different names.",
  },
  MR_SINK_DATABASE: {
    kind: "SparkException",
    hint: "The database's own error is the cause; the batch left nothing there and can be written again.",
  },
  MR_SINK_RECORD: {
    kind: "IllegalArgumentException",
    hint: "Map to arrays in the order of the columns, or to objects with the columns' names.",
  },
  MR_SINK_IN_USE: {
    kind: "IllegalArgumentException",
    hint: "Give every stream a sink of its own, with a place of its own.",
  },
  MR_SIMULATION: {
    kind: "IllegalStateException",
    hint: "The simulated program never comes to rest: look for a loop that waits for a turn, not for time.",
  },
  MR_TEST_MISMATCH: {
    kind: "SparkException",
    hint: "Correct the pipeline, or the expected batches; ordered: true compares order too.",
  },
} as const satisfies Record<string, { kind: ErrorKind; hint: string }>;

/** The classes of errors, named as in Spark. */
export type ErrorKind =
  | "SparkException"
  | "IllegalArgumentException"
  | "IllegalStateException"
  | "UnsupportedOperationException"
  | "NumberFormatException"
  | "NoSuchElementException";

/** The code of an error, such as `MR_TASK_FAILED`. */
export type ErrorCode = keyof typeof errorTable;
