/* SPDX-License-Identifier: Apache-2.0 */
import { check, open, shot, until } from "./lib.mjs";
import { push } from "./events.mjs";

const row = (page, text) =>
  page.locator(".alerts .a", { hasText: text }).first();

export function forti({ to = "203.0.113.77", port = 443 } = {}) {
  const now = new Date(Date.now() + 7 * 3600 * 1000).toISOString();
  return (
    `date=${now.slice(0, 10)} time=${now.slice(11, 19)} devname="FGT-BIEN" devid="FGT60F0000000001" logid="0000000013" type="traffic" ` +
    `subtype="forward" level="notice" vd="root" srcip=10.20.31.77 srcport=50123 srcintf="lan" dstip=${to} dstport=${port} ` +
    `dstintf="wan1" policyid=12 proto=6 action="accept" service="HTTPS" sentbyte=4812 rcvdbyte=912 tz="+0700"`
  );
}

export const cases = [
  [
    "alerts: an allowed connection to a listed control server appears on the open page by itself",
    async ({ page, token }) => {
      await open(page, "alerts");
      await page.waitForSelector(".alerts .list");
      await push(token, [forti()], "text/plain");
      const from = Date.now();
      await until(
        "the alert",
        async () => (await row(page, "203.0.113.77").count()) > 0,
        10000,
      );
      await shot(page, "alerts-live");
      return `${Date.now() - from} ms after the push was answered`;
    },
  ],
  [
    "alerts: the card answers the five questions in order and shows the event",
    async ({ page }) => {
      await row(page, "203.0.113.77").locator(".hit").click();
      await page.waitForSelector("#alert-card .q h3");
      const heads = (
        await page.locator("#alert-card .q h3").allTextContents()
      ).map((t) => t.trim());
      const order = [
        "Sự việc đã xảy ra",
        "Vì sao nguy hiểm",
        "Nội dung cần kiểm tra",
        "Việc cần làm ngay",
        "Đầu mối cần liên hệ",
      ].map((h) => heads.indexOf(h));
      check(
        order.every((n, i) => n >= 0 && (i === 0 || n > order[i - 1])),
        `heads are ${heads.join(" | ")}`,
      );
      check(
        /203\.0\.113\.77/.test(await page.locator("#alert-card").textContent()),
        "the indicator is not on the card",
      );
      check(
        (await page
          .locator("#alert-card .clock, #alert-card .deadline")
          .count()) > 0,
        "no clock",
      );
      await shot(page, "alert-card");
    },
  ],
  [
    "alerts: triage by keyboard: a, t with reason and act, h; each step in the ledger",
    async ({ page }) => {
      await page.locator("#alert-card").focus();
      await page.keyboard.press("a");
      await page.getByText(/Đã tiếp nhận cảnh báo/).waitFor();
      await page.keyboard.press("t");
      const dialog = page.locator('[role="dialog"]');
      await dialog
        .locator("textarea")
        .first()
        .fill("Đã gọi người dùng: không biết chương trình này");
      await dialog.locator("button[type=submit]").click();
      await dialog.getByText("Mức này cần ghi việc đã làm").waitFor();
      await dialog
        .locator("textarea")
        .nth(1)
        .fill("Cô lập máy 10.20.31.77 khỏi mạng");
      await dialog.locator("button[type=submit]").click();
      await dialog.waitFor({ state: "detached" });
      await page.keyboard.press("h");
      await page.getByText(/Đã xử lý xong cảnh báo/).waitFor();
      await until(
        "the history",
        async () =>
          (await page.locator("#alert-card .history li").count()) >= 3,
      );
      check(
        /sổ cái/.test(await page.locator("#alert-card .history").textContent()),
        "no ledger number in the history",
      );
      await shot(page, "alert-handled");
    },
  ],
  [
    "alerts: assign to me and comment",
    async ({ page }) => {
      await page.keyboard.press("m");
      await page.getByText(/Đã giao cảnh báo/).waitFor();
      await page.fill("#alert-comment", "Đã báo Trực lãnh đạo");
      await page.getByRole("button", { name: "Ghi", exact: true }).click();
      await page
        .locator("#alert-card .history", { hasText: "Đã báo Trực lãnh đạo" })
        .waitFor();
    },
  ],
  [
    "alerts: the card tells the technique and what else the machine and the address did",
    async ({ page }) => {
      const also = page.locator("#alert-card .also");
      await also.locator(".chip").nth(1).click();
      await also.locator(".line").first().waitFor();
      check(
        /203\.0\.113\.77|10\.20\.31\.77/.test(await also.textContent()),
        "neither address is among what else happened",
      );
      await open(page, "rules");
      await page.locator(".sheet-bar input").first().fill("Xoá bản sao lưu");
      const rule = page.locator(".vt-body .vt-row", { hasText: "Xoá bản sao" });
      await rule.first().click();
      await page.getByText("Phá khả năng khôi phục").waitFor();
      await open(page, "alerts");
      await page.waitForSelector(".alerts .list");
    },
  ],
  [
    "alerts: one by telephone has the same clocks",
    async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.locator("body").click({ position: { x: 400, y: 700 } });
      await page.keyboard.press("n");
      const dialog = page.locator('[role="dialog"]');
      await dialog
        .locator("input")
        .first()
        .fill("SOC gọi: máy kế toán gửi thư lạ");
      await dialog.locator("button[type=submit]").click();
      await page.getByText(/Đã ghi cảnh báo/).waitFor();
      await row(page, "SOC gọi").waitFor();
      check(
        (await row(page, "SOC gọi").locator(".clock").count()) === 1,
        "no clock on the manual alert",
      );
    },
  ],
  [
    "alerts: chosen together, acknowledged together, and taken back by u",
    async ({ page }) => {
      await page.locator('[role="dialog"]').waitFor({ state: "detached" });
      await open(page, "alerts");
      await row(page, "SOC gọi").waitFor();
      const group = page.locator(".group", { hasText: "Chờ tiếp nhận" }).last();
      const before = await group.locator(".num").textContent();
      await group.locator(".pick-all").click();
      await page.locator(".bulk .btn.primary").click();
      await page.getByText(/Đã xử lý \d+ cảnh báo/).waitFor();
      await page
        .locator(".group", { hasText: "Đang xác minh" })
        .last()
        .waitFor();
      await page.keyboard.press("u");
      await page.getByText(/Đã hoàn tác \d+ cảnh báo/).waitFor();
      await until(
        "all are new again",
        async () => (await group.locator(".num").textContent()) === before,
      );
      await row(page, "SOC gọi").locator(".hit").click();
      await page
        .locator("#alert-card .history", { hasText: "hoàn tác" })
        .waitFor();
      await page.keyboard.press("Escape");
    },
  ],
  [
    "alerts: j, k move; ? lists the keys; filters narrow",
    async ({ page }) => {
      await open(page, "alerts");
      await row(page, "SOC gọi").waitFor();
      // the form of the case before may still be fading out, and takes the keys while it does
      await page.locator('[role="dialog"]').waitFor({ state: "detached" });
      await until("a row is selected by j", async () => {
        await page.keyboard.press("j");
        return (await page.locator(".alerts .a.sel").count()) === 1;
      });
      await page.keyboard.press("?");
      await page.locator('[role="dialog"] .key-table').first().waitFor();
      await page.keyboard.press("Escape");
      await page.locator('[role="dialog"]').waitFor({ state: "detached" });
      await page.locator(".filters input").fill("máy kế toán");
      await until(
        "one row",
        async () => (await page.locator(".alerts .a").count()) === 1,
      );
    },
  ],
  [
    "alerts: an exercise is played from the page; all of it is found, marked, and apart from the open ones",
    async ({ page }) => {
      await open(page, "alerts?tab=drill");
      await page.locator(".filters input").fill("");
      await page.getByRole("button", { name: /^Diễn tập: / }).click();
      await page.getByText("Đang diễn tập").waitFor();
      await until(
        "all three are found",
        async () =>
          (await page.locator(".drill-found .mark.met").count()) === 3,
        40000,
      );
      await page.locator(".alerts .a .sim").first().waitFor();
      await shot(page, "drill");
      await open(page, "alerts");
      await row(page, "SOC gọi").waitFor();
      check(
        (await page.locator(".alerts .a .sim").count()) === 0,
        "an exercise among the open alerts",
      );
    },
  ],
];
