/* SPDX-License-Identifier: Apache-2.0 */
/* A file held out to the page: what it is, its hits, kept or not. */
import { readFileSync } from "node:fs";
import { axe, check, open, shot, until, wider } from "./lib.mjs";

const LIST = "203.0.113.99\nevil.example\nkhông phải chỉ dấu\n";
const LOG = Array.from({ length: 40 }, (_, i) =>
  JSON.stringify({
    "@timestamp": `2026-11-20T03:${String(i).padStart(2, "0")}:00Z`,
    host: { name: `mail-0${i % 2}` },
    source: { ip: "10.0.0.5" },
    destination: { ip: i === 7 ? "203.0.113.99" : "192.0.2.10" },
    event: { outcome: "success" },
  }),
)
  .concat("một dòng không phải nhật ký")
  .join("\n");

const give = (page, name, text) =>
  page.setInputFiles(".look [data-testid=file]", {
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(text),
  });

/* As a browser does when a file is let go over the page. */
async function drop(page, name, bytes) {
  const data = await page.evaluateHandle(
    ([called, b64]) => {
      const d = new DataTransfer();
      const raw = Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
      d.items.add(new File([raw], called));
      return d;
    },
    [name, Buffer.from(bytes).toString("base64")],
  );
  await page.dispatchEvent("main", "dragenter", { dataTransfer: data });
  await page.locator(".drop-anywhere").waitFor();
  await page.dispatchEvent("main", "drop", { dataTransfer: data });
  await page.locator(".drop-anywhere").waitFor({ state: "detached" });
}

export const cases = [
  [
    "held: a list is told as one, and kept as one",
    async ({ page }) => {
      await open(page, "look");
      await give(page, "c2-rieng.txt", LIST);
      await page
        .getByRole("heading", { name: "Danh sách chỉ dấu", exact: true })
        .waitFor();
      await page.getByText("1 dòng không dùng được").waitFor();
      await page
        .getByRole("button", { name: "Nhập 2 chỉ dấu làm danh sách" })
        .click();
      const dialog = page.getByRole("dialog");
      await dialog.locator(".column").first().waitFor();
      await dialog.locator("[data-testid=kind]").first().click();
      await page.getByRole("option", { name: "máy chủ điều khiển" }).click();
      await dialog.getByRole("button", { name: /Nhập 2 chỉ dấu/ }).click();
      await page
        .getByText(/Đã nhập 2 chỉ dấu/)
        .first()
        .waitFor();
      await page.keyboard.press("Escape");
    },
  ],
  [
    "held: a log tells when it was and what hit, by keyboard too; axe and a phone find nothing",
    async ({ page }) => {
      await open(page, "look");
      await page.reload(); /* nothing of a file outlives the page */
      const chooser = page.waitForEvent("filechooser");
      await page.locator(".look .drop").press("Enter");
      await (
        await chooser
      ).setFiles({
        name: "mail.jsonl",
        mimeType: "application/jsonl",
        buffer: Buffer.from(LOG),
      });
      await page.getByRole("heading", { name: "Tệp nhật ký" }).waitFor();
      await page.getByText("đã đọc 41, không hiểu 1").waitFor();
      await page.locator(".look-time .h").first().waitFor();
      const group = page.locator(".look-group", { hasText: "c2-rieng" });
      await group.locator("summary").focus();
      await page.keyboard.press("Enter");
      await group.getByText("dòng 8").waitFor();
      check(
        /203\.0\.113\.99/.test(await group.locator("pre").textContent()),
        "the record is not shown",
      );
      await page.locator(".look-bad summary").click();
      await page.getByText("dòng 41").waitFor();
      await shot(page, "look-log");
      const faults = await axe(page);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 390, height: 844 });
      await page
        .locator(".look-group summary")
        .first()
        .scrollIntoViewIfNeeded();
      await shot(page, "look-log-phone");
      const over = await wider(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: "light" });
      check(faults.length === 0, faults.join("\n"));
      check(over <= 0, `${over} px too wide on a phone`);
    },
  ],
  [
    "held: kept under a name, its events are found",
    async ({ page }) => {
      await page.fill("[name=source]", "Vụ việc 12");
      await page
        .getByRole("button", { name: "Lưu 41 bản ghi vào kho" })
        .click();
      await page
        .locator(".note", { hasText: "Đã lưu 41 trong 41 bản ghi" })
        .waitFor();
      await page.getByRole("link", { name: "Xem trong kho nhật ký" }).click();
      await until("the kept events", async () =>
        /203\.0\.113|192\.0\.2\.10/.test(
          await page.locator(".vt-body").first().textContent(),
        ),
      );
      await shot(page, "look-kept");
    },
  ],
  [
    "held: dropped on any page: an event log, one that is cut off, and no log at all",
    async ({ page }) => {
      const evtx = readFileSync(
        new URL("../../fuzz/proc_look_feed/log", import.meta.url),
      );
      await open(page, "sources");
      await drop(page, "Security.evtx", evtx);
      await page.getByText("nhật ký Windows (EVTX)").waitFor();
      await drop(page, "Security.evtx", evtx.subarray(0, 4700));
      await page.locator(".look .note.unknown").first().waitFor();
      await drop(page, "x.bin", Buffer.alloc(5000));
      await page
        .getByRole("heading", { name: "Không đọc được tệp này" })
        .waitFor();
      await page.getByText(/không phải văn bản/).waitFor();
      await page.getByRole("button", { name: "Bỏ, không lưu" }).click();
      await page.locator(".look .drop").waitFor();
    },
  ],
];
