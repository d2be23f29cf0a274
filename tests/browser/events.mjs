/* SPDX-License-Identifier: Apache-2.0 */
import { check, open, shot, until, URL_BASE } from "./lib.mjs";

/* Pushes plain lines or JSON lines the way a collector does; durable when this returns. */
export async function push(token, lines, type = "application/x-ndjson") {
  const answer = await fetch(`${URL_BASE}/api/v1/ingest?source=browser-test`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
    body: lines.join("\n") + "\n",
  });
  const text = await answer.text();
  check(answer.ok, `ingest answered ${answer.status}: ${text}`);
  const counts = JSON.parse(text);
  check(
    counts.stored === lines.length,
    `${counts.stored} of ${lines.length} stored`,
  );
}

const word = `khongdung${Date.now()}`;
const json = (i) =>
  JSON.stringify({
    "@timestamp": new Date(Date.now() - i * 1000).toISOString(),
    host: { name: `ws-${i % 3}` },
    source: { ip: `198.51.100.${i}` },
    message: `Đăng nhập sai lần ${i} ${word}`,
  });

const found = (page) => page.locator(".events .vt-body .vt-row").count();
let rows = 0; /* how many of them there are */

/* One after another until the page tells of new ones, for it counts from the first that it hears of. */
async function announced(page, token, first) {
  for (let n = 0; n < 40; n++) {
    await push(token, [json(first + n)]);
    rows++;
    const told = page.locator(".fresh").waitFor({ timeout: 1500 });
    if (await told.then(() => true, () => false)) return;
  }
  throw new Error("nothing new is announced");
}

export const cases = [
  [
    "events: what is pushed is announced on the open page and found by a word",
    async ({ page, token }) => {
      await push(token, [
        json(98),
      ]); /* so that the source exists before the page counts */
      await open(page, "events");
      await page.waitForSelector("[name=q]");
      await push(
        token,
        Array.from({ length: 30 }, (_, i) => json(i)),
      );
      rows = 31;
      await page.fill("[name=q]", word);
      await page.keyboard.press("Enter");
      await until("31 rows", async () => (await found(page)) === rows);
      check((await page.locator(".hist rect.b").count()) > 10, "no histogram");
      await shot(page, "events");
    },
  ],
  [
    "events: new ones are counted live",
    async ({ page, token }) => {
      const from = Date.now();
      await announced(page, token, 40);
      const ms = Date.now() - from;
      await page.locator(".fresh").click();
      await until("all of them", async () => (await found(page)) === rows);
      return `${ms} ms to the notice`;
    },
  ],
  [
    "events: marks and case do not matter",
    async ({ page }) => {
      await page.fill("[name=q]", `dang NHAP ${word}`);
      await page.keyboard.press("Enter");
      await until("all of them", async () => (await found(page)) === rows);
    },
  ],
  [
    "events: a click on a field narrows the search, the cross widens it again",
    async ({ page }) => {
      await page.locator(".events .vt-body .vt-row").first().click();
      await page.waitForSelector(".ev-fields dd button");
      await shot(page, "event");
      const value = page
        .locator('.ev-fields dt[title="source.ip"] + dd button')
        .first();
      await value.click();
      await until(
        "a narrower answer",
        async () => (await found(page)) < rows && (await found(page)) > 0,
      );
      check(
        (await page.inputValue("[name=q]")).includes("source.ip:198.51.100."),
        "the field did not join the question",
      );
      await page
        .locator(".under .kv", { hasText: "source.ip" })
        .locator("button")
        .click();
      await until("all of them", async () => (await found(page)) === rows);
    },
  ],
  [
    "events: an answer without a hit says what was read",
    async ({ page }) => {
      await page.fill("[name=q]", "hoantoankhongco987654");
      await page.keyboard.press("Enter");
      await page.getByText("Không có sự kiện nào khớp").waitFor();
    },
  ],
  [
    "events: two tabs share one stream, and the second is told as well",
    async ({ context, page, token }) => {
      let streams = 0;
      const count = (r) =>
        (streams += r.url().endsWith("/api/v1/stream") ? 1 : 0);
      context.on("request", count);
      const second = await context.newPage();
      await open(second, "events");
      await second.waitForSelector("[name=q]");
      await announced(second, token, 100);
      check(streams === 0, `the second tab opened ${streams} streams`);
      await second.close();
      context.off("request", count);
      await page.bringToFront();
    },
  ],
  [
    "sources: received = stored + pending + dropped, with name and state",
    async ({ page }) => {
      await open(page, "sources");
      const row = page
        .locator(".vt-body .vt-row", { hasText: "browser-test" })
        .first();
      await row.waitFor();
      check((await row.locator(".mark").count()) === 1, "no state mark");
      await page.getByText("Nhận = lưu + chờ + mất").waitFor();
      await row.click();
      await page.waitForSelector('[role="dialog"] .sum');
      await shot(page, "sources");
      await page.keyboard.press("Escape");
    },
  ],
  [
    "sources: control tests sent from the page come back through every door; the heartbeat's line is shown",
    async ({ page }) => {
      await open(page, "sources");
      const box = page.locator("details.controls");
      await box.locator("summary").click();
      await box.getByRole("button", { name: "Gửi phép thử ngay" }).click();
      await until(
        "every door passes",
        async () => {
          const all = await box.locator(".tests > li").count();
          return (
            all >= 4 && (await box.locator(".tests .mark.met").count()) === all
          );
        },
        20000,
      );
      await box.locator("summary").click();
      await page
        .locator(".vt-body .vt-row", { hasText: "browser-test" })
        .first()
        .click();
      const dialog = page.locator('[role="dialog"]');
      await dialog.getByText("Chưa chứng minh").waitFor();
      await dialog
        .getByRole("button", { name: "Đặt tín hiệu định kỳ" })
        .click();
      await dialog
        .getByText(/logger -t canh 'canh.heartbeat=[0-9a-f]+'/)
        .waitFor();
      await shot(page, "heartbeat");
      await page.keyboard.press("Escape");
    },
  ],
];
