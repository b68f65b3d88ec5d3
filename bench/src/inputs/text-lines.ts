import { seededRandom } from "./random.ts";
import { vocabulary } from "./vocabulary.ts";
import { type WeightedSampler, weightedSampler, zipfWeights } from "./zipf.ts";

/** Bytes of a line, its newline included. */
export const LINE_BYTES = 100;
const DISTINCT_WORDS = 100_000;
const LINES_PER_CHUNK = 10_000;

/**
 * `count` lines of exactly 100 bytes: zipf-distributed words out of 100 000, one space between two.
 * Words are drawn until fewer bytes are left than the longest word has; the last word is drawn, with the same
 * weights, from the words that fill the line.
 */
export function* textLines(count: number, seed: number): Generator<Buffer> {
  const words = vocabulary(DISTINCT_WORDS, seed);
  const encoded = words.map(word => Buffer.from(word, "latin1"));
  const weights = zipfWeights(words.length);
  const anyWord = weightedSampler(weights);
  const ofLength = samplersByLength(words, weights);
  const longest = ofLength.length - 1;
  const random = seededRandom(seed ^ 0x5eed);
  for (let written = 0; written < count; ) {
    const lines = Math.min(LINES_PER_CHUNK, count - written);
    const chunk = Buffer.allocUnsafe(lines * LINE_BYTES);
    let at = 0;
    for (let line = 0; line < lines; line++) {
      let left = LINE_BYTES - 1;
      while (left > 0) {
        const filler = left <= longest ? ofLength[left] : undefined;
        const word = filler ? (filler.indices[filler.sampler.draw(random)] as number) : anyWord.draw(random);
        const bytes = encoded[word] as Buffer;
        const rest = left - bytes.length - 1;
        // A remainder no word can fill: draw again.
        if (rest !== -1 && rest <= longest && !ofLength[rest]) continue;
        at += bytes.copy(chunk, at);
        left = Math.max(rest, 0);
        chunk[at++] = left > 0 ? 0x20 : 0x0a;
      }
    }
    written += lines;
    yield chunk;
  }
}

interface LengthSampler {
  readonly indices: readonly number[];
  readonly sampler: WeightedSampler;
}

function samplersByLength(words: readonly string[], weights: Float64Array): (LengthSampler | undefined)[] {
  const byLength: number[][] = [];
  words.forEach((word, index) => {
    const indices = byLength[word.length] ?? [];
    byLength[word.length] = indices;
    indices.push(index);
  });
  return Array.from(byLength, indices => {
    if (!indices) return undefined;
    const own = Float64Array.from(indices, index => weights[index] as number);
    return { indices, sampler: weightedSampler(own) };
  });
}
