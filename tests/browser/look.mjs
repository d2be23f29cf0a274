/* SPDX-License-Identifier: Apache-2.0 */
import { axe, check, open, shot, still, wider } from "./lib.mjs";

const PAGES = [
  "board",
  "alerts",
  "events",
  "look",
  "sources",
  "lists",
  "rules",
  "ledger",
  "users",
  "settings",
  "account",
  "setup/sources",
  "setup/duty",
  "duty",
  "notices",
];

/* What waits has come, and what fades in stands. A moment first, in which it begins to. */
async function drawn(page) {
  const waits = "[aria-busy=true], .waiting, .skeleton";
  await page.waitForFunction((w) => !document.querySelector(w), waits);
  await page.waitForTimeout(120);
  await still(page);
}

async function walk(page, tag, each) {
  const found = [];
  for (const name of PAGES) {
    await open(page, name);
    await drawn(page);
    await shot(page, `${tag}-${name.replace("/", "-")}`);
    for (const fault of await each(name)) found.push(`${name}: ${fault}`);
  }
  check(found.length === 0, found.join("\n"));
}

async function narrow(page) {
  const over = await wider(page);
  return over > 0 ? [`${over} px too wide`] : [];
}

export const cases = [
  [
    "look: rules and ledger hold rows",
    async ({ page }) => {
      for (const name of ["rules", "ledger"]) {
        await open(page, name);
        await page.locator(".vt-body .vt-row").first().waitFor();
      }
      await page.locator(".vt-body .vt-row").first().click();
      await page.locator('[role="dialog"] .facts').first().waitFor();
      await page.keyboard.press("Escape");
    },
  ],
  [
    "look: English at a click, kept over a reload, and back",
    async ({ page }) => {
      await open(page, "board");
      await page.click("[data-testid=lang]");
      await page.getByRole("heading", { name: "Watch board" }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Watch board" }).waitFor();
      check(
        (await page.getAttribute("html", "lang")) === "en",
        "html lang is not en",
      );
      await shot(page, "board-en");
      await page.click("[data-testid=lang]");
      await page.getByRole("heading", { name: "Bảng canh" }).waitFor();
    },
  ],
  [
    "look: the command box searches and goes",
    async ({ page }) => {
      await page.keyboard.press("Control+k");
      await page.locator('[role="dialog"] input').waitFor();
      await page.keyboard.type("nguon");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Nguồn nhật ký" }).waitFor();
    },
  ],
  [
    "look: desk, light: nothing serious by axe",
    ({ page }) => walk(page, "light", () => axe(page)),
  ],
  [
    "look: desk, dark, in English: nothing serious by axe",
    async ({ page }) => {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.click("[data-testid=lang]");
      await page.getByText("Tiếng Việt").first().waitFor();
      await walk(page, "dark", () => axe(page));
      await page.click("[data-testid=lang]");
      await page.emulateMedia({ colorScheme: "light" });
    },
  ],
  [
    "look: phone, 390 wide: nothing scrolls sideways, nothing serious by axe",
    async ({ page }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await walk(page, "phone", async () => [
        ...(await narrow(page)),
        ...(await axe(page)),
      ]);
      await page.setViewportSize({ width: 1440, height: 900 });
    },
  ],
  [
    "look: no request left the machine, no error in the console, no breach of the CSP",
    async ({ outside, faults }) => {
      check(outside.length === 0, outside.join("\n"));
      check(faults.length === 0, faults.join("\n"));
    },
  ],
];
