/** The fields of a line as pino writes it. */
export interface LogRecord {
  readonly level: string;
  readonly name: string;
  readonly msg: string;
  readonly details?: unknown;
  readonly err?: {
    readonly type?: string;
    readonly message?: string;
    readonly stack?: string;
    readonly code?: string;
  };
}

/** A record for people: `WARN ReceiverSupervisor: message {"streamId":0}`; an error's stack follows an ERROR. */
export function textLine(record: LogRecord): string {
  const { err } = record;
  let line = `${record.level.toUpperCase()} ${record.name}: ${oneLine(record.msg)}`;
  if (record.details !== undefined) line += ` ${JSON.stringify(record.details)}`;
  if (err !== undefined) {
    line +=
      record.level === "error" && err.stack !== undefined
        ? `\n${err.stack}`
        : `: ${oneLine(err.message ?? "")}`;
    if (err.code !== undefined && record.level !== "error") line += ` (${err.code})`;
  }
  return `${line}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\r?\n\s*/g, " ");
}
