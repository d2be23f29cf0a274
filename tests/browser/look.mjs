/* SPDX-License-Identifier: Apache-2.0 */
import { axe, check, open, shot, wider } from "./lib.mjs";

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

async function walk(page, tag, each) {
  const found = [];
  for (const name of PAGES) {
    await open(page, name);
    await page.waitForTimeout(500);
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
    },
  ],
  [
    "look: phone, in English: acknowledged by keyboard, closed with a verdict by touch",
    async ({ page }) => {
      const language = async (name) => {
        await page.locator(".topbar .avatar").click();
        await page.getByRole("menuitem", { name }).click();
      };
      await language("English");
      await open(page, "alerts");
      await page
        .locator(".alerts .a", { hasText: "chuông high" })
        .locator(".hit")
        .click();
      await page.locator("#alert-card").focus();
      await page.keyboard.press("a");
      await page.getByText(/Alert \S+ acknowledged/).waitFor();
      await page
        .locator(".verdict")
        .getByRole("button", { name: "False alarm" })
        .click();
      const dialog = page.locator('[role="dialog"]');
      await dialog.locator("textarea").first().fill("A trial of the bell");
      await dialog.locator("textarea").nth(1).fill("Nothing to be done");
      await shot(page, "phone-verdict");
      await dialog.locator("button[type=submit]").click();
      await page.getByText(/Verdict on alert \S+ recorded/).waitFor();
      await dialog.waitFor({ state: "detached" });
      await language("Tiếng Việt");
    },
  ],
  [
    "look: an alert is acknowledged by touch on the phone",
    async ({ page }) => {
      await open(page, "alerts");
      await page
        .locator(".alerts .a", { hasText: "SOC gọi" })
        .locator(".hit")
        .click();
      await page.locator(".verdict .btn.primary").click();
      await page.getByText(/Đã tiếp nhận cảnh báo/).waitFor();
      await shot(page, "phone-card");
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
