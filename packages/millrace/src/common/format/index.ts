export { sparkText } from "./spark-text.ts";
