import type { CheckpointDescription, DescribedCheckpoint, DescribedStream } from "millrace";

/** The files of a checkpoint, one a line. */
export function listText({ files, checkpoints, damaged }: CheckpointDescription): string[] {
  if (files.length === 0) return ["There is no checkpoint."];
  const notes = new Map(damaged.map(({ name }) => [name, "damaged"]));
  for (const { name, savedAtMs } of checkpoints)
    notes.set(name, `written ${new Date(savedAtMs).toISOString()}`);
  const width = Math.max(...files.map(({ name }) => name.length));
  return files.map(({ name, sizeBytes }) =>
    `${name.padEnd(width)}  ${String(sizeBytes).padStart(10)}  ${notes.get(name) ?? ""}`.trimEnd(),
  );
}

/** The newest checkpoint, for people. */
export function describeText({ checkpoints, damaged, resume }: CheckpointDescription): string[] {
  const [newest] = checkpoints;
  if (newest === undefined) return ["There is no checkpoint."];
  const open = resume?.open ?? newest.open;
  return [
    `${newest.name}, run ${newest.run}, written ${new Date(newest.savedAtMs).toISOString()}`,
    `application     ${newest.application.name} on ${newest.application.master}`,
    `batches         every ${newest.batchMs} ms since ${newest.zeroMs} ms`,
    `last batch      ${resume?.lastMs ?? newest.lastMs ?? "none"}`,
    `not done        ${open.length === 0 ? "none" : open.join(", ")}`,
    ...damaged.map(({ name, reason }) => `damaged         ${name}: ${reason}`),
    "streams",
    ...newest.streams.map(stream => `  ${streamText(stream)}`),
    "configuration",
    ...Object.entries(newest.conf).map(([key, value]) => `  ${key}=${value}`),
  ];
}

/** What differs between two checkpoints: removed with `-`, added with `+`. */
export function differences(from: DescribedCheckpoint, to: DescribedCheckpoint): string[] {
  const before = lines(from);
  const after = lines(to);
  const changed = [
    ...before.filter(line => !after.includes(line)).map(line => `- ${line}`),
    ...after.filter(line => !before.includes(line)).map(line => `+ ${line}`),
  ];
  return [`${from.name} → ${to.name}`, ...(changed.length === 0 ? ["no difference"] : changed)];
}

function lines({ batchMs, zeroMs, lastMs, open, streams, conf }: DescribedCheckpoint): string[] {
  return [
    `batches every ${batchMs} ms since ${zeroMs} ms`,
    `last batch ${lastMs ?? "none"}`,
    `not done ${open.join(", ") || "none"}`,
    ...streams.map(streamText),
    ...Object.entries(conf).map(([key, value]) => `${key}=${value}`),
  ];
}

function streamText({ id, kind, slideMs, windowMs, isStateful, savedMs, numKeys }: DescribedStream): string {
  const parts = [`${id} (${kind})`, `every ${slideMs} ms`];
  if (windowMs !== null) parts.push(`window ${windowMs} ms`);
  if (isStateful) parts.push(savedMs === null ? "not saved yet" : `saved at ${savedMs} ms`);
  if (numKeys !== null) parts.push(`${numKeys} keys`);
  return parts.join(", ");
}
