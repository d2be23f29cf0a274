/* SPDX-License-Identifier: Apache-2.0 */
import { axe, check, open, shot, still, URL_BASE, wider } from "./lib.mjs";

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

/* Steps, and what opens over a page; by axe once, in the dark and in English */
const OTHERS = ["setup/drill", "board/measure/1.c", "wall?theme=light"];

/* What waits has come, and what fades in stands. A moment first, in which it begins to. */
async function drawn(page) {
  const waits = "[aria-busy=true], .waiting, .skeleton";
  await page.waitForFunction((w) => !document.querySelector(w), waits);
  await page.waitForTimeout(120);
  await still(page);
}

async function walk(page, tag, each, pages = PAGES) {
  const found = [];
  for (const name of pages) {
    await open(page, name);
    if (name.startsWith("board/"))
      await page.locator('[role="dialog"] .drawer-body').waitFor();
    await drawn(page);
    await shot(page, `${tag}-${name.replace(/[/?=]/g, "-")}`);
    for (const fault of await each(name)) found.push(`${name}: ${fault}`);
  }
  check(found.length === 0, found.join("\n"));
}

/* The card beside the list, the page of keys over it, and the page before sign-in. */
async function openedByHand(page, browser) {
  const found = [];
  await open(page, "alerts");
  await page.locator(".alerts .a .hit").first().click();
  await page.locator(".verdict .btn").first().waitFor();
  await drawn(page);
  found.push(...(await axe(page)));
  await page.keyboard.press("?");
  await page.locator('[role="dialog"] .key-page').waitFor();
  await drawn(page);
  found.push(...(await axe(page)));
  await page.keyboard.press("Escape");
  const out = await browser.newContext({ colorScheme: "dark" });
  const gate = await out.newPage();
  await gate.goto(URL_BASE);
  await gate.locator(".gate-card button[type=submit]").waitFor();
  found.push(...(await axe(gate)));
  await out.close();
  check(found.length === 0, found.join("\n"));
}

/* by what the browser keeps: a phone's top bar has no room for the button */
async function speak(page, lang) {
  await page.evaluate((l) => localStorage.setItem("canh.lang", l), lang);
  await page.reload();
  await page.waitForSelector("main");
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
    async ({ page, browser }) => {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.click("[data-testid=lang]");
      await page.getByText("Tiếng Việt").first().waitFor();
      await walk(page, "dark", () => axe(page), [...OTHERS, ...PAGES]);
      await openedByHand(page, browser);
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
    "look: phone, 360 wide, dark, in English: the same",
    async ({ page }) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: "dark" });
      await speak(page, "en");
      await walk(page, "phone-dark", async () => [
        ...(await narrow(page)),
        ...(await axe(page)),
      ]);
      await speak(page, "vi");
      await page.emulateMedia({ colorScheme: "light" });
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
