import { millraceError } from "../../common/errors/index.ts";
import { RDD } from "../../rdd/index.ts";
import type { InputSource } from "./input-operator.ts";

/**
 * The same RDD in every batch.
 * @throws MR_BAD_ARGUMENT when it is no RDD
 */
export function constantInput<T>(rdd: RDD<T>): InputSource<T> {
  if (!(rdd instanceof RDD)) {
    throw millraceError("MR_BAD_ARGUMENT", "A constant stream needs an RDD, but none was given", {
      operator: "constantStream",
    });
  }
  return { title: "Constant stream", compute: () => rdd };
}
