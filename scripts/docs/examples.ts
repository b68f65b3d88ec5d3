/** One ```ts block of a doc comment or of a Markdown file. */
export interface DocExample {
  /** The text as it is written, without the comment's stars. */
  readonly code: string;
  /** The line (from 1) of the source on which `code` begins. */
  readonly line: number;
  /** Marked "no-run": only type-checked, because it needs a server or runs for ever. */
  readonly runs: boolean;
}

/** The examples of a TypeScript source: the ```ts blocks of its doc comments. */
export function examplesOfSource(source: string): DocExample[] {
  // Doc comments begin a line; looking anywhere would take globs such as "src/**/*.ts" for comments.
  return [...source.matchAll(/^[ \t]*\/\*\*(?:(?!\*\/)[\s\S])*\*\//gm)].flatMap(match => {
    const firstLine = source.slice(0, match.index).split("\n").length;
    const lines = match[0].split("\n").map(line => line.replace(/^[ \t]*\*(?!\/) ?/, ""));
    return examplesOf(lines, firstLine);
  });
}

/** The examples of a Markdown text. */
export function examplesOfMarkdown(source: string): DocExample[] {
  return examplesOf(source.split("\n"), 1);
}

function examplesOf(lines: readonly string[], firstLine: number): DocExample[] {
  const found: DocExample[] = [];
  for (let i = 0; i < lines.length; i++) {
    const open = /^\s*```ts\b\s*(.*)$/.exec(lines[i] ?? "");
    if (!open) continue;
    const start = i + 1;
    while (++i < lines.length && !/^\s*```\s*$/.test(lines[i] ?? ""));
    const code = lines.slice(start, i).join("\n");
    found.push({ code, line: firstLine + start, runs: !/\bno-run\b/.test(open[1] ?? "") });
  }
  return found;
}
