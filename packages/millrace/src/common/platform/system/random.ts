import type { Random } from "../platform.ts";

/** Chance from the JavaScript engine; not for secrets. */
export const systemRandom: Random = {
  next: () => Math.random(),
  nextUint32: () => Math.floor(Math.random() * 0x1_0000_0000),
};
