import { knownKeys } from "./known-keys.ts";

/** More mistakes than these make it another word. */
const maximumDistance = 2;

/** The known key that an unknown one was probably meant to be. */
export function nearestKnownKey(key: string): string | undefined {
  const candidates = Object.keys(knownKeys);
  let nearest: string | undefined;
  let least = maximumDistance + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - key.length) >= least) continue;
    const distance = editDistance(key.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest ?? sameLastWord(key, candidates);
}

/** `spark.streaming.maxRate` means `spark.streaming.receiver.maxRate`, if no other key ends so. */
function sameLastWord(key: string, candidates: readonly string[]): string | undefined {
  const prefix = "spark.streaming.";
  if (!key.startsWith(prefix)) return undefined;
  const ending = key.slice(key.lastIndexOf(".")).toLowerCase();
  const alike = candidates.filter(
    candidate => candidate.startsWith(prefix) && candidate.toLowerCase().endsWith(ending),
  );
  return alike.length === 1 ? alike[0] : undefined;
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1));
    }
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
