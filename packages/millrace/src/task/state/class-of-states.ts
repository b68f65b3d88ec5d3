const NATIVE = /\[native code\]\s*\}$/;

/** Finds out whether states are instances of classes of the program, which bytes do not say. */
export class ClassOfStates {
  /** The name of the first such class. */
  name: string | undefined;
  /** The last prototype that is none: most states have the same. */
  #plain: object | null = Object.prototype;

  /** Looks at one more state. */
  add(state: unknown): void {
    if (typeof state !== "object" || state === null) return;
    const prototype: object | null = Object.getPrototypeOf(state);
    if (prototype === this.#plain || this.name !== undefined) return;
    if (prototype === null || ArrayBuffer.isView(state) || isBuiltIn(prototype)) this.#plain = prototype;
    else this.name = (prototype.constructor as { readonly name?: string } | undefined)?.name || "a class";
  }
}

function isBuiltIn(prototype: object): boolean {
  const maker: unknown = prototype.constructor;
  return typeof maker === "function" && NATIVE.test(Function.prototype.toString.call(maker));
}
