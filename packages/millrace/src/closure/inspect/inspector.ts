import { Session } from "node:inspector";
import { millraceError } from "../../common/errors/index.ts";

/** What crosses between the inspector and us: `box` lives in the page the inspector sees and in ours. */
interface Box {
  put: unknown;
  taken: unknown;
}

/** A live object as the inspector knows it. */
interface RemoteObject {
  readonly objectId: string;
}

interface InternalProperty {
  readonly name: string;
  readonly value?: { readonly objectId?: string; readonly value?: unknown };
}

/** One scope of a function: its variables are own properties; one not initialised yet is a getter that throws. */
export interface ScopeObject {
  /** `Closure (outer)`, `Block`, `Module`, `Script`, `Global` … */
  readonly description: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Where V8 has the code of a function, counted from 0. */
export interface ScriptLocation {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What V8 tells of a function. */
export interface FunctionInternals {
  /** Absent for native functions. */
  readonly location: ScriptLocation | undefined;
  /** Innermost first. Copies: assigning them changes nothing. */
  readonly scopes: readonly ScopeObject[];
}

const objectGroup = "millrace";
const boxSymbol = Symbol.for("millrace.closure.box");

/**
 * A session with the V8 inspector of this thread. Calls are answered before they return. No domain stays
 * enabled, so the session costs the program nothing, and other clients (`--inspect`) see nothing of it.
 */
export class Inspector {
  readonly #session = new Session();
  readonly #box: Box = { put: undefined, taken: undefined };
  readonly #boxId: string;

  constructor() {
    this.#session.connect();
    this.#boxId = this.#remoteBox();
  }

  /** Sends one command and returns its result. */
  send(method: string, parameters: object = {}): unknown {
    let failure: Error | null = null;
    let result: unknown;
    this.#session.post(method, parameters, (error, answer) => {
      failure = error;
      result = answer;
    });
    if (failure !== null) throw failure;
    return result;
  }

  /** Sends one command whose answer comes later or never. */
  sendOnly(method: string): void {
    this.#session.post(method);
  }

  /** Runs `body` while `listener` hears the notifications of one kind. */
  listening(
    notification: string,
    listener: (message: { readonly params: unknown }) => void,
    body: () => void,
  ): void {
    this.#session.on(notification, listener);
    try {
      body();
    } finally {
      this.#session.off(notification, listener);
    }
  }

  /** The inspector's name for a live object of ours; valid until `release`. */
  remote(value: unknown): string {
    this.#box.put = value;
    try {
      return this.#call("function () { return this.put; }");
    } finally {
      this.#box.put = undefined;
    }
  }

  /** Forgets what `remote` named, so that the objects can be collected. */
  release(): void {
    this.send("Runtime.releaseObjectGroup", { objectGroup });
  }

  /** Reads where a function's code lies and which variables it can see. */
  internals(fn: unknown): FunctionInternals {
    try {
      const { internalProperties = [] } = this.send("Runtime.getProperties", {
        objectId: this.remote(fn),
        ownProperties: true,
      }) as { internalProperties?: InternalProperty[] };
      const property = (name: string) => internalProperties.find(candidate => candidate.name === name)?.value;
      const scopesId = property("[[Scopes]]")?.objectId;
      return {
        location: property("[[FunctionLocation]]")?.value as ScriptLocation | undefined,
        scopes: scopesId === undefined ? [] : this.#take(scopesId),
      };
    } finally {
      this.release();
    }
  }

  /** The list V8 answers is made for the asking; handing it over whole is one call, however many variables. */
  #take(scopesId: string): readonly ScopeObject[] {
    this.#call("function (list) { this.taken = list; return this; }", [{ objectId: scopesId }]);
    const scopes = Array.from(this.#box.taken as ArrayLike<ScopeObject>);
    this.#box.taken = undefined;
    return scopes;
  }

  #call(functionDeclaration: string, parameters: readonly RemoteObject[] = []): string {
    const { result } = this.send("Runtime.callFunctionOn", {
      objectId: this.#boxId,
      functionDeclaration,
      arguments: parameters,
      objectGroup,
      silent: true,
    }) as { result: RemoteObject };
    return result.objectId;
  }

  #remoteBox(): string {
    const globals = globalThis as unknown as Record<symbol, unknown>;
    globals[boxSymbol] = this.#box;
    try {
      const expression = `globalThis[Symbol.for(${JSON.stringify(boxSymbol.description)})]`;
      return (this.send("Runtime.evaluate", { expression, silent: true }) as { result: RemoteObject }).result
        .objectId;
    } finally {
      delete globals[boxSymbol];
    }
  }
}

let shared: Inspector | undefined;

/**
 * This thread's inspector, connected at first use.
 * @throws MR_CLOSURE_UNSHIPPABLE when Node has none (`--permission`, or built without it)
 */
export function inspector(): Inspector {
  try {
    shared ??= new Inspector();
  } catch (cause) {
    throw millraceError(
      "MR_CLOSURE_UNSHIPPABLE",
      "the variables of functions cannot be read in this process",
      {
        hint: "Functions cross threads with the help of node:inspector: run Node without --permission, or use the master local.",
        cause,
      },
    );
  }
  return shared;
}
