import {
  binary,
  columnFromArray,
  int32,
  tableFromColumns,
  tableFromIPC,
  tableToIPC,
} from "@uwdata/flechette";

/** What travels through Spark: opaque blocks. The columns are named p, k, s and b. */
export interface Row {
  /** Decides the partition after a shuffle: see `murmur.ts`. */
  readonly partition: number;
  /** What the block is; see `stage-program.ts`. */
  readonly kind: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Rows as an Arrow stream. */
export function encodeRows(rows: readonly Row[]): Uint8Array {
  const columns = {
    p: columnFromArray(
      rows.map(row => row.partition),
      int32(),
    ),
    k: columnFromArray(
      rows.map(row => row.kind),
      int32(),
    ),
    s: columnFromArray(
      rows.map(row => row.sequence),
      int32(),
    ),
    b: columnFromArray(
      rows.map(row => row.bytes),
      binary(),
    ),
  };
  const encoded = tableToIPC(tableFromColumns(columns), { format: "stream" });
  if (encoded === null) throw new TypeError("an Arrow stream was expected");
  return encoded;
}

/** The rows of an Arrow stream; their bytes are copies. */
export function decodeRows(data: Uint8Array): Row[] {
  // The library reads typed arrays in place, which needs memory that begins at an aligned address.
  const table = tableFromIPC(new Uint8Array(data));
  const column = (name: string) => table.getChild(name);
  const [p, k, s, b] = [column("p"), column("k"), column("s"), column("b")];
  return Array.from({ length: table.numRows }, (_, i) => ({
    partition: p.at(i) as number,
    kind: k.at(i) as number,
    sequence: s.at(i) as number,
    bytes: new Uint8Array(b.at(i) as Uint8Array),
  }));
}
