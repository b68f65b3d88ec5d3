/** A path as the file system takes it, of one that may be a `file:` URL. */
export function localPath(path: string): string {
  return path.replace(/^file:(\/\/)?/, "");
}
