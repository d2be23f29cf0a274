/* SPDX-License-Identifier: Apache-2.0 */
import { check, open, shot } from "./lib.mjs";

const WORDS = ["Đạt", "Không đạt", "Chưa rõ", "Tự khai", "Không áp dụng"];

export const cases = [
  [
    "board: the twelve things stand there, numbered",
    async ({ page }) => {
      await open(page, "board");
      await page.waitForSelector(".measures li");
      const numbers = (await page.locator(".board .no").allTextContents())
        .map(Number)
        .sort((a, b) => a - b);
      check(
        numbers.join() === "1,2,3,4,5,6,7,8,9,10,11,12",
        `numbers are ${numbers.join()}`,
      );
      const over = await page
        .locator("main")
        .evaluate((e) => e.scrollHeight - e.clientHeight);
      check(over <= 0, `1440 x 900 does not hold it: ${over} px are below`);
      await shot(page, "board");
    },
  ],
  [
    "board: every measure says its state in a word, never by colour alone",
    async ({ page }) => {
      const rows = page.locator(".measures li .mark");
      const said = (await rows.allTextContents()).map((t) => t.trim());
      check(said.length >= 10, `only ${said.length} measures`);
      for (const word of said)
        check(WORDS.includes(word), `"${word}" is no state word`);
      const tally = await page.locator(".tally .num").allTextContents();
      check(tally.length === 5, "the tally has not five states");
    },
  ],
  [
    "board: what is unknown looks unfinished and gives its reason",
    async ({ page }) => {
      for (const tile of await page.locator(".unseen").all()) {
        check(
          (await tile.locator(".mark.unknown").count()) === 1,
          "an unknown tile without its mark",
        );
        check(
          ((await tile.locator(".why").textContent()) ?? "").trim().length > 5,
          "an unknown tile without a reason",
        );
      }
    },
  ],
  [
    "board: a measure opens with its evidence, Escape closes it",
    async ({ page }) => {
      await page.locator(".measures li a").nth(1).click();
      await page.waitForSelector('[role="dialog"] .measure-text');
      check(
        (await page
          .locator('[role="dialog"] .evidence, [role="dialog"] .empty')
          .count()) > 0,
        "neither evidence nor why there is none",
      );
      await shot(page, "measure");
      await page.keyboard.press("Escape");
      await page.waitForSelector('[role="dialog"]', { state: "detached" });
    },
  ],
  [
    "board: the dispatch shows its contacts and when they were verified",
    async ({ page }) => {
      await open(page, "board/directive");
      await page.waitForSelector('[role="dialog"] .contact');
      check(
        /kiểm tra/.test(
          await page.locator('[role="dialog"] .contact').first().textContent(),
        ),
        "no date of verification",
      );
      await page.keyboard.press("Escape");
    },
  ],
];
