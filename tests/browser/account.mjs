/* SPDX-License-Identifier: Apache-2.0 */
import { check, inviteToken, oneTimeCode, open, shot } from "./lib.mjs";

const NAME = "truc1";
export const PASSWORD = "đêm nay ai canh 02:00";
export const NEW_PASSWORD = "phiên trực đêm giao thừa";

async function fill(page, password, again) {
  await page.fill("[name=username]", NAME);
  await page.fill("[name=display_name]", "Nguyễn Văn An");
  await page.fill("[name=password]", password);
  await page.fill("[name=again]", again);
  await page.click("button[type=submit]");
}

export const cases = [
  [
    "account: the one-time link refuses a short and a mistyped password",
    async ({ page }) => {
      await open(page, `invite/${inviteToken()}`);
      await page.waitForSelector("[name=username]");
      check(
        (await page.getAttribute("html", "lang")) === "vi",
        "the page is not Vietnamese by default",
      );
      await fill(page, "ngắn", "ngắn");
      await page.getByText("Cần ít nhất 12 ký tự").waitFor();
      await fill(page, PASSWORD, `${PASSWORD}x`);
      await page.getByText("Hai lần nhập không giống nhau").waitFor();
    },
  ],
  [
    "account: password, QR code and secret, a wrong code, then the right one leads to the setup",
    async (world) => {
      const { page } = world;
      await fill(page, PASSWORD, PASSWORD);
      await page.waitForSelector("[data-testid=totp-secret]");
      world.secret = (
        await page.textContent("[data-testid=totp-secret]")
      ).replace(/\s/g, "");
      check(
        /^[A-Z2-7]{16,}$/.test(world.secret),
        "the secret is no base32 text",
      );
      check(
        (await page.locator("svg.qr path").getAttribute("d")).length > 1000,
        "no QR code is drawn",
      );
      await shot(page, "invite");
      await page.fill("[name=code]", "000000");
      await page.click("button[type=submit]");
      await page.getByText("Mã không đúng").waitFor();
      await page.fill("[name=code]", await oneTimeCode(world.secret));
      await page.click("button[type=submit]");
      await page.waitForSelector(".rail");
      check(
        page.url().includes("#/setup"),
        "the first did not land on the setup",
      );
    },
  ],
];

export const signInAgain = [
  [
    "session: a second one shows among my sessions and can be ended",
    async (world) => {
      const second = await world.browser.newContext({ locale: "vi-VN" });
      const page = await second.newPage();
      await open(page, "board");
      await page.fill("[name=username]", NAME);
      await page.fill("[name=password]", "sai mật khẩu rồi");
      await page.fill("[name=code]", "123456");
      await page.click("button[type=submit]");
      await page
        .getByText("Tên, mật khẩu hoặc mã hai bước không đúng")
        .waitFor();
      /* as a keyboard that writes marks by themselves */
      await page.fill("[name=password]", NEW_PASSWORD.normalize("NFD"));
      await page.fill("[name=code]", await oneTimeCode(world.secret));
      await page.click("button[type=submit]");
      await page.waitForSelector(".rail");
      await open(world.page, "account");
      await world.page.locator(".plain-list li").nth(1).waitFor();
      check(
        (await world.page.getByText("phiên này").count()) === 1,
        "exactly one session is the present one",
      );
      await world.page.locator(".plain-list li button").first().click();
      await world.page.getByText("Đã kết thúc phiên").waitFor();
      await page.reload();
      await page.waitForSelector("[name=username]");
      await second.close();
    },
  ],
  [
    "session: the used link is gone",
    async ({ page }) => {
      await open(page, `invite/${inviteToken()}`);
      await page.reload();
      await page.getByText("Liên kết này đã được dùng").waitFor();
    },
  ],
  [
    "session: signing out shows the sign-in page",
    async ({ page }) => {
      await open(page, "board");
      await page.click(".topbar .avatar");
      await page.getByText("Đăng xuất").click();
      await page.waitForSelector("[name=username]");
    },
  ],
];
