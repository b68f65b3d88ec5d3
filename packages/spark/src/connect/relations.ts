import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ExpressionSchema } from "../gen/spark/connect/expressions_pb.ts";
import { type Relation, RelationSchema, SetOperation_SetOpType } from "../gen/spark/connect/relations_pb.ts";
import { DataTypeSchema } from "../gen/spark/connect/types_pb.ts";
import { encodeRows, type Row } from "./rows.ts";

type DataTypeInit = MessageInitShape<typeof DataTypeSchema>;

/** `MapInArrow`: record batches in, record batches out. */
const EVAL_TYPE = 207;

const INTEGER: DataTypeInit = { kind: { case: "integer", value: {} } };
const BINARY: DataTypeInit = { kind: { case: "binary", value: {} } };
const fields: readonly [string, DataTypeInit][] = [
  ["p", INTEGER],
  ["k", INTEGER],
  ["s", INTEGER],
  ["b", BINARY],
];
// Parts of every plan are made once.
const STRUCT = create(DataTypeSchema, {
  kind: {
    case: "struct",
    value: { fields: fields.map(([name, dataType]) => ({ name, dataType, nullable: true })) },
  },
});
const COLUMNS = fields.map(([unparsedIdentifier]) =>
  create(ExpressionSchema, { exprType: { case: "unresolvedAttribute", value: { unparsedIdentifier } } }),
);

/** Rows the plan itself carries; row i becomes partition i (see `SESSION_CONF`). At least one row. */
export function localRows(rows: readonly Row[]): Relation {
  return create(RelationSchema, { relType: { case: "localRelation", value: { data: encodeRows(rows) } } });
}

/** Runs a Python command on every partition. */
export function mapPartitions(input: Relation, command: Uint8Array, pythonVersion: string): Relation {
  const pythonUdf = { outputType: STRUCT, evalType: EVAL_TYPE, command, pythonVer: pythonVersion };
  const func = {
    functionName: "millrace",
    deterministic: true,
    arguments: COLUMNS,
    function: { case: "pythonUdf" as const, value: pythonUdf },
  };
  return create(RelationSchema, {
    relType: { case: "mapPartitions", value: { input, func, isBarrier: false } },
  });
}

/** Sends every row to the partition its `p` says (see `murmur.ts`). */
export function repartition(input: Relation, numPartitions: number): Relation {
  return create(RelationSchema, {
    relType: {
      case: "repartitionByExpression",
      value: { input, partitionExprs: COLUMNS.slice(0, 1), numPartitions },
    },
  });
}

/** All rows of all relations. A balanced tree: plans may not be deep. */
export function unionAll(relations: readonly [Relation, ...Relation[]]): Relation {
  if (relations.length === 1) return relations[0];
  const middle = relations.length >> 1;
  const [left, right] = [relations.slice(0, middle), relations.slice(middle)] as [Relation, ...Relation[]][];
  return create(RelationSchema, {
    relType: {
      case: "setOp",
      value: {
        leftInput: unionAll(left as [Relation, ...Relation[]]),
        rightInput: unionAll(right as [Relation, ...Relation[]]),
        setOpType: SetOperation_SetOpType.UNION,
        isAll: true,
        byName: false,
      },
    },
  });
}

/** What a checkpoint kept on the cluster. */
export function cachedRelation(relationId: string): Relation {
  return create(RelationSchema, { relType: { case: "cachedRemoteRelation", value: { relationId } } });
}
