/**
 * Writes streams to PostgreSQL, each batch exactly once.
 *
 * @module
 */

export { type PostgresSinkOptions, postgresSink } from "./postgres-sink.ts";
