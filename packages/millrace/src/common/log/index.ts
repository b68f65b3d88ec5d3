export { isLogged, type LogLevel, parseLogLevel } from "./level.ts";
export { createLogger, type LogFormat, type Logger, type LoggerOptions } from "./logger.ts";
