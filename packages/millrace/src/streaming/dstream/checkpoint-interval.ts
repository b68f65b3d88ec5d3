/** How often streams that must checkpoint do so, in milliseconds, when nobody chose. */
const aboutMs = 10_000;

/** The first multiple of the slide that is 10 seconds or more. */
export function defaultCheckpointMs(slideMs: number): number {
  return slideMs * Math.ceil(aboutMs / slideMs);
}
