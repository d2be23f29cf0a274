/* SPDX-License-Identifier: Apache-2.0 */
/* What a duty lead does now and then: import a rule, quieten a noisy one, attest, change the password. */
import { NEW_PASSWORD, PASSWORD } from "./account.mjs";
import { forti } from "./alerts.mjs";
import { push } from "./events.mjs";
import { check, oneTimeCode, open, shot, until } from "./lib.mjs";

const RULE = `title: Thử nhập luật
id: 6f3f8a54-8a4e-4f7e-9d0a-3c1f2b7a9e01
status: experimental
logsource: {category: firewall}
detection: {selection: {dstport: 4499}, condition: selection}
level: high
`;
const BAD = RULE.replace("condition:", "konditon:");

const row = (page) =>
  page.locator(".alerts .a", { hasText: "Thử nhập luật" }).first();
const noisy = () => forti({ port: 4499 });
const day = (n) => {
  const at = new Date(Date.now() + n * 86400e3);
  const two = (x) => String(x).padStart(2, "0");
  return `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;
};

async function importRule(page, text) {
  await page.setInputFiles('[role="dialog"] input[type=file]', {
    name: "thu.yml",
    mimeType: "text/yaml",
    buffer: Buffer.from(text),
  });
}

export const cases = [
  [
    "rules: a file is imported; what is refused is named with its line and reason",
    async ({ page }) => {
      await open(page, "rules");
      await page.getByRole("button", { name: "Nhập luật" }).click();
      const dialog = page.locator('[role="dialog"]');
      await importRule(page, BAD);
      await dialog.getByText("không dùng được luật nào").waitFor();
      check(
        /thu\.yml:\d/.test(await dialog.locator(".refused li").textContent()),
        "the refused file is not named",
      );
      await importRule(page, RULE);
      await dialog.getByText("Đã nạp 1 luật").waitFor();
      await dialog.locator(".imports li", { hasText: "thu.yml" }).waitFor();
      await shot(page, "rule-import");
      await importRule(page, RULE);
      await dialog.getByText("đang được dùng rồi").waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("textbox", { name: "Lọc luật" }).fill("Thử nhập");
      await page
        .locator(".vt-body .vt-row:not(.failed)", { hasText: "Thử nhập luật" })
        .waitFor();
    },
  ],
  [
    "exceptions: a noisy rule proposes one, shows what it would hide, and hides it once made",
    async ({ page, token }) => {
      await push(token, Array.from({ length: 25 }, noisy), "text/plain");
      await open(page, "alerts");
      await row(page).locator(".hit").click();
      const box = page.locator("#alert-card .exception");
      await box.waitFor();
      await box.getByRole("button", { name: "Xem trước" }).click();
      await box.getByText(/Sẽ ẩn 25 cảnh báo/).waitFor();
      await box
        .getByRole("textbox", { name: "Lý do" })
        .fill("Máy quét của tổ, lịch 02:00");
      const until = box.getByRole("textbox", { name: "Hết hạn ngày" });
      await until.fill("mai");
      await box.getByRole("button", { name: "Tạo ngoại lệ" }).click();
      await box.getByText("Ghi ngày theo dạng").waitFor();
      await until.fill(day(30));
      await box.getByRole("button", { name: "Tạo ngoại lệ" }).click();
      await page.getByText("Đã tạo ngoại lệ").waitFor();
      await shot(page, "exception");
    },
  ],
  [
    "exceptions: it counts what it hides, and is removed after a question",
    async ({ page, token }) => {
      await push(token, [noisy(), noisy()], "text/plain");
      const item = page.locator(".plain-list li", { hasText: "Máy quét" });
      await until("two are hidden", async () => {
        await open(page, "board");
        await open(page, "alerts?tab=exceptions");
        await item.waitFor();
        return /đã ẩn 2/.test(await item.textContent());
      });
      await item.getByRole("button", { name: "Xoá" }).click();
      await page.locator(".mantine-Popover-dropdown button").first().click();
      await page.getByText("Đã xoá ngoại lệ").waitFor();
      await item.waitFor({ state: "detached" });
    },
  ],
  [
    "attest: a word that expires stands beside the measure as one, never as met",
    async ({ page }) => {
      await open(page, "board/measure/1.g");
      const drawer = page.locator('[role="dialog"]');
      await drawer
        .getByRole("button", { name: "Tự khai cho biện pháp này" })
        .click();
      await drawer
        .getByRole("textbox", { name: "Nội dung khai" })
        .fill("Đã phổ biến tại cuộc họp giao ban");
      const ends = drawer.getByRole("textbox", { name: "Có giá trị đến ngày" });
      await ends.fill("01/01/2020");
      await drawer.getByRole("button", { name: "Ghi vào sổ cái" }).click();
      await drawer.getByText("Ghi ngày theo dạng").waitFor();
      await ends.fill(day(14));
      await drawer.getByRole("button", { name: "Ghi vào sổ cái" }).click();
      await page.getByText("Đã ghi bản tự khai cho biện pháp 1.g").waitFor();
      await drawer.getByText("Đã phổ biến tại cuộc họp giao ban").waitFor();
      await shot(page, "attested");
      await page.keyboard.press("Escape");
      const line = page.locator(".measures li", {
        has: page.getByText("1.g", { exact: true }),
      });
      await until("attested", async () =>
        /Tự khai/.test((await line.textContent()) ?? ""),
      );
      check(!/Đạt/.test(await line.textContent()), "a word counts as met");
    },
  ],
];

export const password = [
  [
    "session: a password too short, mistyped, with a wrong old one is refused; then it is another",
    async ({ page, secret }) => {
      await open(page, "account");
      const fill = async (old, next, again, code) => {
        await page.fill("[name=old]", old);
        await page.fill("[name=next]", next);
        await page.fill("[name=again]", again);
        await page.fill("[name=code]", code);
        await page.getByRole("button", { name: "Đổi mật khẩu" }).click();
      };
      await fill(PASSWORD, "ngắn", "ngắn", "000000");
      await page.getByText("Cần ít nhất 12 ký tự").waitFor();
      /* decomposed, eleven letters: marks are no characters */
      const eleven = "mười một ký".normalize("NFD");
      await fill(PASSWORD, eleven, eleven, "000000");
      await page.getByText("Cần ít nhất 12 ký tự").waitFor();
      await fill(PASSWORD, NEW_PASSWORD, `${NEW_PASSWORD}x`, "000000");
      await page.getByText("Hai lần nhập không giống nhau").waitFor();
      await fill("sai mật khẩu rồi", NEW_PASSWORD, NEW_PASSWORD, "123456");
      await page
        .getByText("Mật khẩu đang dùng hoặc mã hai bước không đúng")
        .waitFor();
      await fill(
        PASSWORD,
        NEW_PASSWORD,
        NEW_PASSWORD.normalize("NFD"),
        await oneTimeCode(secret),
      );
      await page.getByText("Đã đổi mật khẩu").waitFor();
      await shot(page, "password");
      await open(page, "board");
    },
  ],
];
