import { seededRandom } from "./random.ts";

/** Length bounds of the words up to a rank: frequent words are short, as in natural text. */
const LENGTHS_BY_RANK: readonly { readonly upToRank: number; readonly min: number; readonly max: number }[] =
  [
    { upToRank: 10, min: 2, max: 4 },
    { upToRank: 100, min: 3, max: 5 },
    { upToRank: 1_000, min: 4, max: 7 },
    { upToRank: 10_000, min: 5, max: 9 },
    { upToRank: Number.POSITIVE_INFINITY, min: 5, max: 10 },
  ];

/** `count` distinct lower-case words, most frequent first. */
export function vocabulary(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const seen = new Set<string>();
  for (const { upToRank, min, max } of LENGTHS_BY_RANK) {
    while (seen.size < Math.min(upToRank, count)) {
      let word = "";
      for (let left = min + random.below(max - min + 1); left > 0; left--) {
        word += String.fromCharCode(97 + random.below(26));
      }
      seen.add(word);
    }
  }
  return [...seen];
}
