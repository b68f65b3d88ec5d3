import { it } from "node:test";
import { streamTest } from "millrace/testing";
import { withoutSpam } from "./spam-filter.ts";

it("SpamFilter looks at the list of spammers anew in every batch", () => {
  const spammers = ["eve"];
  return streamTest()
    .input([
      ["ann: hello", "eve: cheap!", "nonsense"],
      ["ann: bye", "bob: hi"],
    ])
    .run(lines => {
      const { sc } = lines.context;
      let batches = 0;
      return withoutSpam(lines, () => {
        batches += 1;
        if (batches === 2) spammers.push("bob");
        return sc.parallelize(spammers);
      });
    })
    .expect([[["ann", "hello"]], [["ann", "bye"]]]);
});
