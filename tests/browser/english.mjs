/* SPDX-License-Identifier: Apache-2.0 */
/* The first day once more, in English and on a server of its own (tests/browser/run starts it): the same steps by the
   same code, so that no word of them is left in the other language. */
import { alarms, later, steps } from "./first.mjs";
import { check, inviteToken, oneTimeCode, open } from "./lib.mjs";
import { WORDS } from "./words.mjs";

const LINK = process.env.CANH_INVITE_EN;

/* Letters that no English page has; names that were typed here are in Vietnamese. */
const VIETNAMESE = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
const TYPED = /Nguyễn Văn An|Cơ quan Mẫu|Tiếng Việt|NVA|1\.đ/g;

async function account(page) {
  await page.goto(`${new URL(LINK).origin}/#/invite/${inviteToken(LINK)}`);
  await page.waitForSelector("[name=username]");
  await page.click("[data-testid=lang]");
  await page.fill("[name=username]", "watch1");
  await page.fill("[name=display_name]", "Nguyễn Văn An");
  for (const name of ["password", "again"])
    await page.fill(`[name=${name}]`, "who watches at 02:00");
  await page.click("button[type=submit]");
  const secret = await page.textContent("[data-testid=totp-secret]");
  await page.fill(
    "[name=code]",
    await oneTimeCode(secret.replace(/\s/g, "")),
  );
  await page.click("button[type=submit]");
  await page.waitForSelector(".rail");
}

async function words(page) {
  const left = await page.evaluate(() => document.body.innerText);
  const line = left
    .replace(TYPED, "")
    .split("\n")
    .find((l) => VIETNAMESE.test(l));
  check(line === undefined, `not in English: ${line}`);
}

export function english(browser) {
  if (!LINK) return [];
  const world = { browser };
  const begin = [
    "account: a new one",
    async () => {
      world.context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: "vi-VN",
      });
      world.page = await world.context.newPage();
      await account(world.page);
    },
  ];
  const list = [
    "lists: one is imported in its step",
    async ({ page }) => {
      await open(page, "setup/lists");
      await page.getByRole("button", { name: "Import a list" }).click();
      await page.setInputFiles("[data-testid=file]", {
        name: "c2.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("IP\n203.0.113.77\n"),
      });
      await page.locator("[data-testid=kind]").first().click();
      await page.getByRole("option", { name: "control servers" }).click();
      await page.getByRole("button", { name: "Import 1 indicators" }).click();
      await page.getByText("1 indicators imported").waitFor();
    },
  ];
  const w = WORDS.en;
  return [begin, ...steps(w), list, ...alarms(w), ...later(w)].map(([name, run]) => [
    `english, ${name}`,
    async (main) => {
      main.at = world.page;
      await run(world);
      await words(world.page);
    },
  ]);
}
