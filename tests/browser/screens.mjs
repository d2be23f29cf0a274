/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of README.vi.md, from a demonstration that runs (tools/make-screens): each page as a person finds it,
   scrolled to nothing, with nothing private on it. An address that is not of the documentation ranges stops it. */
import { launch, inviteToken, oneTimeCode, open, shot, check } from "./lib.mjs";

const PASSWORD = "mot dem truc yen tinh";
const DESK = { width: 1360, height: 850 };
const PHONE = { width: 390, height: 780 };

async function signIn(page) {
  await open(page, `invite/${inviteToken()}`);
  await page.fill("[name=username]", "truong-ca");
  await page.fill("[name=display_name]", "Trần Thị Bình");
  await page.fill("[name=password]", PASSWORD);
  await page.fill("[name=again]", PASSWORD);
  await page.click("button[type=submit]");
  await page.waitForSelector("[data-testid=totp-secret]");
  const secret = (await page.textContent("[data-testid=totp-secret]")).replace(
    /\s/g,
    "",
  );
  await page.fill("[name=code]", await oneTimeCode(secret));
  await page.click("button[type=submit]");
  await page.waitForSelector(".rail");
}

/* Public addresses in the text of the page that no document may show. */
const PRIVATE =
  /^(10|127|0)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^(192\.0\.2|198\.51\.100|203\.0\.113)\./;
async function documented(page, name) {
  const text = await page.evaluate(() => document.body.innerText);
  const real = (text.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? []).filter(
    (a) => !PRIVATE.test(a),
  );
  check(real.length === 0, `${name} shows ${real.join(", ")}`);
}

async function take(page, name) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(600);
  await documented(page, name);
  await shot(page, name);
}

async function firstRow(page) {
  const row = page.locator(".alerts .a .hit, .vt-body .vt-row").first();
  await row.waitFor();
  return row;
}

/* An alert that a log made, with its events, its guide and what else the machine did: the web shell where there is
   one, still open or closed. A letter that somebody entered has nothing of that. */
const RICH = /JSP|web ?shell|điều khiển/i;
async function openRich(page) {
  for (const tab of ["open", "closed"]) {
    await open(page, `alerts?tab=${tab}`);
    await firstRow(page);
    const row = page.locator(".alerts .a", { hasText: RICH }).first();
    if ((await row.count()) === 0) continue;
    await row.locator(".hit").click();
    await page.locator(".verdict .btn").first().waitFor();
    await page.locator(".fields").first().waitFor();
    return;
  }
  throw new Error("no alert with an event to show");
}

const SCREENS = [
  ["bang-canh", DESK, (page) => open(page, "board")],
  [
    "bang-canh-toi",
    DESK,
    async (page) => {
      await page.emulateMedia({ colorScheme: "dark" });
      await open(page, "board");
    },
  ],
  ["man-tuong", { width: 1920, height: 1080 }, (page) => open(page, "wall")],
  ["dien-thoai", PHONE, (page) => open(page, "board")],
  ["canh-bao", DESK, openRich],
  ["canh-bao-dien-thoai", PHONE, openRich],
  [
    "nhat-ky",
    DESK,
    async (page) => {
      await open(page, "events");
      await firstRow(page);
    },
  ],
  [
    "nguon",
    DESK,
    async (page) => {
      await open(page, "sources");
      await firstRow(page);
    },
  ],
  [
    "luat",
    DESK,
    async (page) => {
      await open(page, "rules");
      await firstRow(page);
    },
  ],
  ["thiet-lap", DESK, (page) => open(page, "setup")],
];

const browser = await launch();
const context = await browser.newContext({
  viewport: DESK,
  colorScheme: "light",
  locale: "vi-VN",
  reducedMotion: "reduce",
});
const page = await context.newPage();
await signIn(page);
for (const [name, size, go] of SCREENS) {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: "light" });
  await go(page);
  await take(page, name);
  console.log(name);
}
await browser.close();
