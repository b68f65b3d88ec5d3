/** An error a type test expects: `// error: <fragment>` on the line itself or alone on the line before. */
export interface ExpectedError {
  /** The line (from 1) on which the compiler must complain. */
  readonly line: number;
  /** A part of the compiler's message. */
  readonly fragment: string;
}

/** One complaint of the compiler. */
export interface Diagnostic {
  /** As the compiler printed it. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Reads the markers of a type test. */
export function expectedErrors(source: string): ExpectedError[] {
  return source.split("\n").flatMap((text, i) => {
    const match = /^(.*?)\/\/ error: (.+?)\s*$/.exec(text);
    if (!match) return [];
    const alone = match[1]?.trim() === "";
    return [{ line: alone ? i + 2 : i + 1, fragment: match[2] ?? "" }];
  });
}

/** Reads the compiler's plain output (`--pretty false`); continuation lines are indented. */
export function parseDiagnostics(output: string): Diagnostic[] {
  const found: { file: string; line: number; message: string }[] = [];
  for (const text of output.split("\n")) {
    const match = /^(.+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(text);
    if (match) found.push({ file: match[1] ?? "", line: Number(match[2]), message: match[3] ?? "" });
    else if (/^\s+\S/.test(text)) {
      const last = found.at(-1);
      if (last) last.message += `\n${text}`;
    }
  }
  return found;
}

/**
 * What differs between the errors expected in one file and those the compiler found in it. One mistake may
 * bring several complaints on its line: a marked line must have the one that is marked, and may have others.
 */
export function compareErrors(expected: readonly ExpectedError[], actual: readonly Diagnostic[]): string[] {
  const missing = expected.flatMap(({ line, fragment }) => {
    const found = actual.filter(each => each.line === line).map(each => each.message);
    if (found.some(message => message.includes(fragment))) return [];
    return [
      `line ${line}: expected an error with "${fragment}"${found.length > 0 ? `, got ${found.join("; ")}` : ""}`,
    ];
  });
  const marked = new Set(expected.map(({ line }) => line));
  const unexpected = actual.filter(({ line }) => !marked.has(line));
  return [...missing, ...unexpected.map(({ line, message }) => `line ${line}: unexpected ${message}`)];
}
