import { millraceError } from "../errors/index.ts";

/** Whether a path has characters that make it a pattern. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/**
 * The pattern of one path segment as a regular expression: `*` and `?` within the segment, `[a-c]`,
 * `[^a-c]`, `{one,two}`; `\` takes the next character as it is.
 *
 * @throws MR_BAD_ARGUMENT for a range from high to low, such as `[z-a]`
 */
export function segmentPattern(segment: string): RegExp {
  let source = "";
  let braces = 0;
  for (let i = 0; i < segment.length; i++) {
    const character = segment[i] as string;
    if (character === "\\" && i + 1 < segment.length) {
      i += 1;
      source += escapeCharacter(segment[i] as string);
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{") {
      braces += 1;
      source += "(?:";
    } else if (character === "}" && braces > 0) {
      braces -= 1;
      source += ")";
    } else if (character === "," && braces > 0) source += "|";
    else if (character === "[") {
      const end = segment.indexOf("]", i + 2);
      if (end < 0) source += "\\[";
      else {
        const set = segment
          .slice(i + 1, end)
          .replace(/^!/, "^")
          .replaceAll("\\", "\\\\");
        source += `[${set}]`;
        i = end;
      }
    } else source += escapeCharacter(character);
  }
  try {
    return new RegExp(`^${source}${")".repeat(braces)}$`);
  } catch (cause) {
    throw millraceError("MR_BAD_ARGUMENT", `${segment} is no pattern: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function escapeCharacter(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
