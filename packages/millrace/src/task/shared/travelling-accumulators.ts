import { registerHandleKind } from "../../closure/index.ts";
import {
  AccumulatorV2,
  type AnyAccumulator,
  adoptAccumulator,
  liveAccumulator,
  registrationOf,
  travellingZero,
} from "./accumulator-v2.ts";
import { CollectionAccumulator } from "./collection-accumulator.ts";
import { DoubleAccumulator } from "./double-accumulator.ts";
import { LongAccumulator } from "./long-accumulator.ts";

/** The core's own classes are there on both sides; a user's goes along with a zero. */
const makers: readonly (readonly [kind: string, maker: new () => AnyAccumulator])[] = [
  ["long", LongAccumulator],
  ["double", DoubleAccumulator],
  ["collection", CollectionAccumulator],
];

interface TravellingAccumulator {
  readonly id: number;
  readonly name: string | undefined;
  /** The core's own class, or a zero of a user's. */
  readonly zero: string | AnyAccumulator;
}

// Accumulators travel as handles: the identity, and a zero that tasks over there copy.
registerHandleKind<AnyAccumulator, TravellingAccumulator>("accumulator", {
  isInstance: (value): value is AnyAccumulator => value instanceof AccumulatorV2 && value.isRegistered,
  toData(accumulator) {
    const { id, name } = registrationOf(accumulator);
    const own = makers.find(([, maker]) => accumulator.constructor === maker);
    return { id, name, zero: own === undefined ? travellingZero(accumulator) : own[0] };
  },
  revive({ id, name, zero }) {
    const known = liveAccumulator(id);
    if (known !== undefined) return known;
    const maker = makers.find(([kind]) => kind === zero)?.[1];
    const accumulator = maker === undefined ? (zero as AnyAccumulator) : new maker();
    adoptAccumulator(accumulator, { id, name });
    return accumulator;
  },
});
