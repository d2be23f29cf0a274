/* SPDX-License-Identifier: Apache-2.0 */
import { check, open, shot } from "./lib.mjs";

const CSV =
  "STT,Địa chỉ IP,Ghi chú\r\n1,203.0.113.77,máy chủ điều khiển\r\n2,203.0.113.78,máy chủ điều khiển\r\n3,không phải địa chỉ,hỏng\r\n";

export const cases = [
  [
    "lists: a file with Vietnamese headings is read, mapped and its bad line shown before it is kept",
    async ({ page }) => {
      await open(page, "lists/import");
      await page.waitForSelector(".drop");
      await page.setInputFiles("[data-testid=file]", {
        name: "c2-thang-11.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(CSV),
      });
      await page.waitForSelector(".column");
      check((await page.locator(".column").count()) === 3, "not three columns");
      check(
        (await page
          .locator(".column")
          .nth(1)
          .locator("input")
          .first()
          .inputValue()) === "địa chỉ IP",
        "the address column was not guessed",
      );
      await page.getByText("1 dòng không dùng được").waitFor();
      await page.getByText("2 chỉ dấu dùng được").waitFor();
      await shot(page, "import");
    },
  ],
  [
    "lists: it is not kept without a kind; then it is, and its bad line is named",
    async ({ page }) => {
      const save = page.getByRole("button", { name: /Nhập 2 chỉ dấu/ });
      await save.click();
      await page.getByText("Cần chọn loại").waitFor();
      await page.locator("[data-testid=kind]").first().click();
      await page.getByRole("option", { name: "máy chủ điều khiển" }).click();
      await page.fill("[name=name]", "C2 thử tháng 11");
      await page.fill("[name=letter]", "2216/CATTT-NCSC");
      await page.fill("[name=until]", "31/12/2030");
      await save.click();
      await page.locator(".bad-lines li").first().waitFor();
      check(
        /dòng 4/.test(
          await page.locator(".bad-lines li").first().textContent(),
        ),
        "the bad line is not line 4",
      );
      await page.keyboard.press("Escape");
      await page
        .locator(".vt-body .vt-row", { hasText: "C2 thử tháng 11" })
        .waitFor();
      await shot(page, "lists");
    },
  ],
];
