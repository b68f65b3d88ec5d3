import assert from "node:assert/strict";
import { test } from "node:test";
import { withContext } from "./fixtures/contexts.ts";

for (const master of ["local", "local[2]"]) {
  test(`${master}: actions in the background can be waited for or cancelled`, () =>
    withContext(master, async sc => {
      const numbers = sc.range(0, 6, 1, 3);
      const counting = numbers.countAsync();
      assert.deepEqual([counting.isCompleted, counting.isCancelled], [false, false]);
      assert.equal(await counting, 6);
      assert.deepEqual([counting.isCompleted, counting.isCancelled, counting.jobIds], [true, false, [0]]);
      assert.deepEqual(await numbers.collectAsync(), [0, 1, 2, 3, 4, 5]);
      assert.deepEqual(await numbers.takeAsync(3), [0, 1, 2]);
      const sum = sc.longAccumulator();
      await numbers.foreachAsync(n => sum.add(n));
      await numbers.foreachPartitionAsync(() => sum.add(100));
      assert.equal(sum.value, 315);
      const endless = sc.range(0, 1e15).countAsync();
      const another = sc.range(0, 1e15).countAsync();
      endless.cancel("enough");
      await assert.rejects(endless.finally(), { code: "MR_JOB_CANCELLED", message: /enough/ });
      assert.equal(another.isCompleted, false);
      another.cancel();
      assert.match(await another.then(String, String), /the action was cancelled/);
      counting.cancel();
      assert.equal(counting.isCancelled, false);
    }));

  test(`${master}: a signal gives up an action`, () =>
    withContext(master, async sc => {
      const endless = sc.range(0, 1e15);
      const actions: ((signal: AbortSignal) => Promise<unknown>)[] = [
        signal => endless.count({ signal }),
        signal => endless.filter(n => n < 0).collect({ signal }),
        signal => endless.filter(n => n < 0).take(1, { signal }),
        signal => endless.filter(n => n < 0).first({ signal }),
        signal => endless.filter(n => n < 0).isEmpty({ signal }),
        signal => endless.foreach(() => {}, { signal }),
        signal => endless.reduce((a, b) => a + b, { signal }),
      ];
      for (const action of actions) {
        const controller = new AbortController();
        const result = action(controller.signal);
        controller.abort("no longer wanted");
        await assert.rejects(result, { code: "MR_JOB_CANCELLED", message: /no longer wanted/ });
      }
      assert.equal(await sc.range(0, 3).count({ signal: new AbortController().signal }), 3);
    }));
}
