import { captureCallSite } from "../../common/call-site.ts";
import { millraceError } from "../../common/errors/index.ts";
import { checkDriverFunction } from "./check-function.ts";

/**
 * Makes a key and a state that an earlier program saved into what the program of today has; `undefined` drops the key.
 * @param fromVersion the version that the earlier program declared, 0 when it declared none
 */
export type StateMigration<K, S> = (
  key: unknown,
  state: unknown,
  fromVersion: number,
) => readonly [K, S] | undefined;

/** Which form keys and states have, as the program declares it. */
export interface StateForm {
  /** 0 unless it is declared. */
  readonly version: number;
  readonly migrate?: StateMigration<unknown, unknown>;
}

/** The form that is meant when none is declared. */
export const undeclaredForm: StateForm = { version: 0 };

/**
 * The form of a version and a function.
 * @throws MR_BAD_ARGUMENT unless the version is an integer of at least 0
 */
export function stateForm<K, S>(
  operator: string,
  version: number,
  migrate: StateMigration<K, S> | undefined,
): StateForm {
  if (!Number.isInteger(version) || version < 0) {
    throw millraceError("MR_BAD_ARGUMENT", `A state's version is an integer of at least 0, not ${version}`, {
      operator,
    });
  }
  if (migrate === undefined) return { version };
  checkDriverFunction(migrate, operator, captureCallSite(operator));
  return { version, migrate };
}
