/* SPDX-License-Identifier: Apache-2.0 */
/* The bell of a browser: off until it is chosen, tried by a button, told of a new alert once. */
import { check, open, shot, until } from "./lib.mjs";

const box = (page, what) => page.getByRole("checkbox", { name: what });

export const cases = [
  [
    "bell: nothing sounds or shows until it is chosen; the button tries both",
    async ({ page, context }) => {
      await context.grantPermissions(["notifications"]);
      await open(page, "account");
      const bell = page.locator("#bell");
      await bell.getByRole("button", { name: "Thử chuông" }).waitFor();
      check(
        (await bell.locator("input:checked").count()) === 0,
        "something is on before it was chosen",
      );
      await page.evaluate(() => {
        window.shown = [];
        window.notes = 0;
        const Real = window.Notification;
        window.Notification = class extends Real {
          constructor(title, options) {
            super(title, options);
            window.shown.push(`${title} | ${options.body}`);
          }
        };
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at) {
          window.notes++;
          start.call(this, at);
        };
      });
      await bell.getByRole("button", { name: "Thử chuông" }).click();
      await bell.getByText("Chuông đã kêu. Thông báo đã hiện.").waitFor();
      for (const what of ["Tiếng chuông", "Thông báo"])
        for (const level of ["Nghiêm trọng", "Cao"])
          await box(page, `${what}: ${level}`).check();
      await shot(page, "bell");
    },
  ],
  [
    "bell: a new alert sounds and shows once, and not again when it counts on",
    async ({ page }) => {
      const count = () =>
        page.evaluate(() => [
          window.notes,
          window.shown.filter((x) => x.includes("cảnh báo số")).length,
        ]);
      const [before] = await count();
      const ask = (method, path, json) =>
        page.evaluate(
          async ([m, p, j]) =>
            (
              await fetch(`api/v1/${p}`, {
                method: m,
                headers: { "X-Canh": "1", "Content-Type": "application/json" },
                body: JSON.stringify(j),
              })
            ).json(),
          [method, path, json],
        );
      const made = (severity) =>
        ask("POST", "alerts", {
          title: `chuông ${severity}`,
          severity,
          channel: "soc",
        });
      await made("low"); // not chosen: it stays silent
      const { id } = await made("high");
      await until("a notification", async () => (await count())[1] === 1);
      check((await count())[0] === before + 2, "not the two notes of high");
      await ask("PATCH", `alerts/${id}`, { comment: "đã nghe" });
      await made("critical");
      await until("the next one", async () => (await count())[1] === 2);
      check((await count())[0] === before + 6, "one sounded twice");
      await page.evaluate(() => localStorage.removeItem("canh.bell"));
      await page.reload();
    },
  ],
];
