/**
 * Tests of streaming programs in virtual time: `streamTest` for tables of batches, `TestHarness` for tests
 * that feed and look by hand.
 *
 * @module
 */

export { ManualClock } from "../common/clock/index.ts";
export {
  createDeterministicPlatform,
  createMemoryFileSystem,
  type DeterministicPlatform,
  type DeterministicPlatformOptions,
  type DiskModel,
  type FileCall,
  type FileFault,
  type InitialFiles,
  type MemoryFileSystem,
} from "../common/platform/deterministic/index.ts";
export type { Batch, Batches } from "./batches.ts";
export { BatchMismatchError } from "./mismatch.ts";
export { type OutputBatch, StreamOutputs } from "./stream-outputs.ts";
export {
  type ExpectOptions,
  type RestartExpectation,
  StreamTest,
  StreamTestRun,
  streamTest,
} from "./stream-test.ts";
export { type InputOptions, TestHarness, type TestHarnessOptions } from "./test-harness.ts";
export { VirtualStream } from "./virtual-stream.ts";
