import type { Workload } from "../harness/workload.ts";
import { grep } from "./grep.ts";
import { streamingWordCount } from "./streaming-word-count.ts";
import { window } from "./window.ts";
import { wordCount } from "./word-count.ts";

/** In the order in which they run. */
export const workloads: readonly Workload[] = [wordCount, grep, streamingWordCount, window];
