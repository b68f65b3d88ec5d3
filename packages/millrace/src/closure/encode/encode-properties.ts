import type { WireObject, WireProperty, WireValue } from "../shipped.ts";
import type { Encoder } from "./encoder.ts";
import type { Origin } from "./origin.ts";
import { propertyLabel } from "./property-label.ts";

/** Flags of an own property: writable, enumerable, configurable. */
export const allFlags = 7;

/**
 * Encodes own properties: values, and getters and setters as the functions they are. Private names and what
 * lies on the prototype are not own properties.
 */
export function encodeProperties(
  encoder: Encoder,
  object: object,
  origin: Origin | undefined,
  keys: readonly PropertyKey[],
): Pick<WireObject, "props" | "integrity"> {
  const integrity = integrityOf(object);
  const props: WireProperty[] = [];
  for (const key of keys) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor === undefined) continue;
    const label: Origin = { parent: origin, label: propertyLabel(key) };
    const wireKey = encoder.value(key, label);
    const flags = flagsOf(descriptor, integrity);
    if (descriptor.get !== undefined || descriptor.set !== undefined) {
      props.push([
        wireKey,
        encoder.value(descriptor.get, label),
        flags,
        encoder.value(descriptor.set, label),
      ]);
    } else {
      const value: WireValue = encoder.value(descriptor.value, label);
      props.push(flags === allFlags ? [wireKey, value] : [wireKey, value, flags]);
    }
  }
  return { ...(props.length === 0 ? {} : { props }), ...(integrity === undefined ? {} : { integrity }) };
}

function integrityOf(object: object): WireObject["integrity"] {
  if (Object.isExtensible(object)) return undefined;
  return Object.isFrozen(object) ? "frozen" : Object.isSealed(object) ? "sealed" : "closed";
}

/** Freezing and sealing take flags away by themselves. */
function flagsOf(descriptor: PropertyDescriptor, integrity: WireObject["integrity"]): number {
  const frozen = integrity === "frozen";
  const sealed = frozen || integrity === "sealed";
  return (
    (descriptor.writable || frozen ? 1 : 0) |
    (descriptor.enumerable ? 2 : 0) |
    (descriptor.configurable || sealed ? 4 : 0)
  );
}
