import { subscribe } from "node:diagnostics_channel";

/** When this process had HTTP/2 requests open; the times are those of `performance.now()`. */
export interface OpenRequests {
  /** How long in this span of time at least one was. */
  openMs(from: number, to: number): number;
}

/** Watches from now on. */
export function watchRequests(): OpenRequests {
  const started = new Map<unknown, number>();
  const spans: { readonly from: number; readonly to: number }[] = [];
  subscribe("http2.client.stream.start", message => {
    started.set((message as { readonly stream: unknown }).stream, performance.now());
  });
  subscribe("http2.client.stream.close", message => {
    const { stream } = message as { readonly stream: unknown };
    spans.push({ from: started.get(stream) ?? 0, to: performance.now() });
    started.delete(stream);
  });
  return {
    openMs(from, to) {
      let [open, last] = [0, from];
      for (const span of spans.toSorted((a, b) => a.from - b.from)) {
        const end = Math.min(span.to, to);
        if (end <= last) continue;
        open += Math.max(0, end - Math.max(span.from, last));
        last = end;
      }
      return open;
    },
  };
}
