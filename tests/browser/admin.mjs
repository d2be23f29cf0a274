/* SPDX-License-Identifier: Apache-2.0 */
import { check, open, shot, until } from "./lib.mjs";

export const cases = [
  [
    "users: a token for a machine is shown once",
    async (world) => {
      const { page } = world;
      await open(page, "users");
      await page.getByRole("button", { name: "Tạo mã" }).first().click();
      await page.locator('[role="dialog"] input').first().fill("browser-test");
      await page.locator('[role="dialog"] button[type=submit]').click();
      world.token = (
        (await page.locator("[data-testid=token]").textContent()) ?? ""
      ).trim();
      check(world.token.length >= 20, "the token is too short to be one");
      await page.keyboard.press("Escape");
      await page.locator('[role="dialog"]').waitFor({ state: "detached" });
      await page.getByText("browser-test", { exact: true }).waitFor();
      check(
        !(await page.content()).includes(world.token),
        "the token is still in the page",
      );
    },
  ],
  [
    "users: a new user gets a one-time link",
    async ({ page }) => {
      await page.getByRole("button", { name: "Thêm người" }).click();
      await page.fill('[role="dialog"] [name=name]', "truc9");
      await page.fill('[role="dialog"] [name=full]', "Phạm Thu Hà");
      await page.locator('[role="dialog"] button[type=submit]').click();
      const link = await page.locator('[role="dialog"] code').textContent();
      check(/^https?:\/\/.+#\/invite\/.+/.test(link), `no link: ${link}`);
      await page.keyboard.press("Escape");
      await page.getByText("Phạm Thu Hà").waitFor();
      await shot(page, "users");
    },
  ],
  [
    "settings: own ranges are checked, kept and shown again",
    async ({ page }) => {
      await open(page, "settings");
      await page.fill("[name=unit]", "Tổ An toàn thông tin, Cơ quan Mẫu");
      await page.getByRole("textbox", { name: "Loại đơn vị" }).click();
      await page.getByRole("option", { name: "Cơ quan, tổ chức" }).click();
      await page.fill("[name=public_ranges]", "203.0.113.300/26");
      await page.getByText("Không phải địa chỉ hay dải").waitFor();
      await page.fill("[name=public_ranges]", "203.0.113.0/26");
      await page.getByRole("button", { name: "Lưu" }).click();
      await page.getByText("Đã lưu cài đặt").waitFor();
      await page.reload();
      await page.waitForSelector("[name=unit]");
      check(
        (await page.inputValue("[name=public_ranges]")) === "203.0.113.0/26",
        "the range was not kept",
      );
      check(
        (await page.inputValue("[name=unit_kind]")) === "agency",
        "the kind of unit was not kept",
      );
      await page.locator(".topbar .unit", { hasText: "Cơ quan Mẫu" }).waitFor();
    },
  ],
  [
    "settings: for an agency the providers' measures do not apply, with the reason",
    async ({ page }) => {
      await open(page, "board");
      for (const id of ["2.a", "2.b", "2.c"]) {
        const row = page.locator(".measures li", {
          has: page.getByText(id, { exact: true }),
        });
        await until(`${id} does not apply`, async () =>
          /Không áp dụng/.test((await row.textContent()) ?? ""),
        );
        check(
          /doanh nghiệp viễn thông/.test(await row.textContent()),
          `${id} without its reason`,
        );
      }
    },
  ],
];
