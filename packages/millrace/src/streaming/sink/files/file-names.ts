/** The names in the directory of a file sink; readers of files ignore those that begin with `_`. */
export interface FileSinkNames {
  readonly directory: string;
  readonly manifest: string;
  /** A file that is complete, by number. */
  part(number: number): string;
  /** The same file while it grows. */
  growing(number: number): string;
  /** What was written to it, batch by batch. */
  journal(number: number): string;
}

export function fileSinkNames(directory: string, extension: string): FileSinkNames {
  const digits = (number: number): string => String(number).padStart(8, "0");
  return {
    directory,
    manifest: `${directory}/_manifest`,
    part: number => `${directory}/part-${digits(number)}.${extension}`,
    growing: number => `${directory}/_part-${digits(number)}.${extension}`,
    journal: number => `${directory}/_journal-${digits(number)}`,
  };
}
