export { canonicalKey, type KeyIdentity } from "./canonical-key.ts";
export { compareKeys } from "./compare-keys.ts";
export { hashKey } from "./hash-key.ts";
export { keysEqual } from "./keys-equal.ts";
