import { window } from "./workloads/window.ts";
const c = window.contenders.find(x => x.name === (process.argv[2] ?? "millrace local"))!;
const r = await c.measure({ quick: false } as never);
console.log(r);
process.exit(0);
