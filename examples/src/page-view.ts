/** A look at a page of a web shop. */
export interface PageView {
  readonly url: string;
  /** Of the answer, such as 200 or 404. */
  readonly status: number;
  readonly zipCode: number;
  readonly userId: number;
}

/** The line a page view travels as. */
export function formatPageView({ url, status, zipCode, userId }: PageView): string {
  return [url, status, zipCode, userId].join("\t");
}

/** Reads such a line. */
export function parsePageView(line: string): PageView {
  const [url = "", status, zipCode, userId] = line.split("\t");
  return { url, status: Number(status), zipCode: Number(zipCode), userId: Number(userId) };
}
