export { type EncodedLines, encodeLines, type LineFormat } from "./encode-lines.ts";
export { encodePartition } from "./encode-partition.ts";
export {
  cogroupPartitions,
  countsOf,
  dealOut,
  distinctRecords,
  fullOuterJoin,
  glom,
  innerJoin,
  isPartitionEmpty,
  leftOuterJoin,
  pairsOf,
  rightOuterJoin,
  subtractPartitions,
  valuesOfKey,
  zipRecords,
} from "./partitions.ts";
export {
  add,
  appendTo,
  asKey,
  concatLists,
  groupValues,
  isOnBothSides,
  keepFirst,
  listOf,
  one,
  pairKey,
  pairValue,
  withOne,
} from "./records.ts";
export { builtin, builtinName } from "./registry.ts";
export { type SaveArgument, type SavedPart, savePart } from "./save-part.ts";
export {
  distinctEstimate,
  distinctRegisters,
  histogramOf,
  mergeDistinct,
  momentsOf,
  sampleKeys,
  sumNumbers,
  withDistinct,
} from "./statistics.ts";
