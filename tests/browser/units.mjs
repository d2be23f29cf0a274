/* SPDX-License-Identifier: Apache-2.0 */
/* Units and sites: added, renamed, a source and a person assigned; the person sees that part and no other. */
import { forti } from "./alerts.mjs";
import { push } from "./events.mjs";
import { check, oneTimeCode, open, shot, until } from "./lib.mjs";

const OWN = "Tổ An toàn thông tin, Cơ quan Mẫu";
const box = (page) => page.getByRole("region", { name: "Đơn vị và địa điểm" });

async function add(page, label, name) {
  const field = box(page).getByRole("textbox", { name: label });
  await field.fill(name);
  await field.press("Enter");
  await until(`${name} is there`, async () =>
    box(page)
      .getByRole("textbox", { name: `Tên đơn vị ${name}` })
      .or(box(page).getByRole("textbox", { name: `Tên địa điểm ${name}` }))
      .count(),
  );
}

async function pick(page, within, label, option) {
  await within.getByRole("textbox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

const row = (page, text) =>
  page.locator(".alerts .a", { hasText: text }).first();

export const cases = [
  [
    "units: one is added and renamed, with a site",
    async ({ page }) => {
      await open(page, "settings");
      await add(page, `Đơn vị mới thuộc ${OWN}`, "Phòng Bắc");
      await add(page, "Địa điểm mới của Phòng Bắc", "Trụ sở 2");
      const name = box(page).getByRole("textbox", {
        name: "Tên đơn vị Phòng Bắc",
      });
      await name.fill("Phòng Phía Bắc");
      await name.press("Enter");
      await box(page)
        .getByRole("heading", { name: "Phòng Phía Bắc" })
        .waitFor();
      const twice = box(page).getByRole("textbox", {
        name: `Đơn vị mới thuộc ${OWN}`,
      });
      await twice.fill("Phòng Phía Bắc");
      await twice.press("Enter");
      await box(page).getByText(/đã có/).waitFor();
      await shot(page, "units");
    },
  ],
  [
    "units: an empty one is removed, one with a site is not, and why is said",
    async ({ page }) => {
      await open(page, "settings");
      await add(page, `Đơn vị mới thuộc ${OWN}`, "Phòng cũ");
      const item = (name) =>
        box(page)
          .locator(".units > li")
          .filter({
            has: page.getByRole("heading", { name, exact: true }),
          });
      const remove = async (name) => {
        await item(name)
          .locator(":scope > .unit-remove > button", { hasText: "Xoá" })
          .click();
        await page
          .locator(".mantine-Popover-dropdown")
          .getByRole("button", { name: "Xoá" })
          .click();
      };
      await remove("Phòng cũ");
      await item("Phòng cũ").waitFor({ state: "detached" });
      await remove("Phòng Phía Bắc");
      await item("Phòng Phía Bắc").getByText("còn 1 địa điểm").waitFor();
      await shot(page, "units-kept");
    },
  ],
  [
    "units: a source is assigned in its drawer",
    async ({ page }) => {
      await open(page, "sources");
      await page
        .locator(".vt-row", { hasText: "browser-test" })
        .first()
        .click();
      const drawer = page.locator('[role="dialog"]');
      await pick(page, drawer, "Thuộc về", "Phòng Phía Bắc");
      await drawer.getByRole("button", { name: "Lưu" }).click();
      await page
        .getByText(/Đã lưu/)
        .first()
        .waitFor();
      await shot(page, "source-unit");
      await page.keyboard.press("Escape");
    },
  ],
  [
    "units: a person is invited for a unit and joins",
    async (world) => {
      const { page } = world;
      await open(page, "users");
      await page.getByRole("button", { name: "Thêm người" }).click();
      const dialog = page.locator('[role="dialog"]');
      await dialog.locator("[name=name]").fill("bac1");
      await dialog.locator("[name=full]").fill("Lê Văn Bắc");
      await pick(page, dialog, "Vai trò", "Trực chính");
      await pick(page, dialog, "Phạm vi", "Phòng Phía Bắc");
      await dialog.locator("button[type=submit]").click();
      const link = await dialog.locator("code").textContent();
      await page.keyboard.press("Escape");
      const context = await world.browser.newContext({ locale: "vi-VN" });
      world.north = await context.newPage();
      await world.north.goto(link);
      await world.north.fill("[name=display_name]", "Lê Văn Bắc");
      await world.north.fill("[name=password]", "mật khẩu của phòng Bắc");
      await world.north.fill("[name=again]", "mật khẩu của phòng Bắc");
      await world.north.click("button[type=submit]");
      const secret = (
        await world.north.textContent("[data-testid=totp-secret]")
      ).replace(/\s/g, "");
      await world.north.fill("[name=code]", await oneTimeCode(secret));
      await world.north.click("button[type=submit]");
      await world.north.waitForSelector(".rail");
    },
  ],
  [
    "units: that person sees the alerts of the unit as they come, and no others",
    async ({ page, north, token }) => {
      await open(north, "alerts");
      await north.waitForSelector(".alerts");
      await push(token, [forti({ to: "203.0.113.78" })], "text/plain");
      await until(
        "the alert of the unit",
        async () => (await row(north, "203.0.113.78").count()) > 0,
      );
      check(
        (await row(north, "SOC gọi").count()) === 0,
        "an alert of the whole is shown",
      );
      await row(north, "203.0.113.78").locator(".hit").click();
      await north.locator("#alert-card .facts").first().waitFor();
      await shot(north, "north-alerts");
      await open(page, "alerts");
      await row(page, "SOC gọi").waitFor();
      const id = await page.evaluate(async () => {
        const answer = await fetch("api/v1/alerts?q=SOC");
        return (await answer.json()).items[0].id;
      });
      const status = await north.evaluate(
        async (x) => (await fetch(`api/v1/alerts/${x}`)).status,
        id,
      );
      check(status === 404, `an alert of the whole by its id: ${status}`);
    },
  ],
  [
    "units: the board says what is known for the part and what is not",
    async ({ north }) => {
      await open(north, "board");
      await north.waitForSelector(".measures li");
      await north
        .locator(".tile", { hasText: "chung cho mọi đơn vị" })
        .first()
        .waitFor();
      await north.locator(".topbar .unit", { hasText: "Phía Bắc" }).waitFor();
      await open(north, "lists");
      await north.getByText("C2 thử tháng 11").first().waitFor();
      check(
        (await north
          .getByRole("button", { name: "Nhập danh sách" })
          .count()) === 0,
        "lists of all can be imported",
      );
      await open(north, "sources");
      await north.locator(".vt-row", { hasText: "browser-test" }).waitFor();
      check(
        (await north.locator(".vt-body .vt-row").count()) === 1,
        "sources of others are shown",
      );
      await shot(north, "north-sources");
      await north.context().close();
    },
  ],
];
