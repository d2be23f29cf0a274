/* SPDX-License-Identifier: Apache-2.0 */
/* The first day: the five steps as a person would do them, with senders that really send. */
import { connect } from "node:net";
import { check, open, shot, until, URL_BASE } from "./lib.mjs";
import { mailbox } from "./mail.mjs";

const step = (page, name) =>
  page.locator(".setup-steps li", { hasText: name });
const done = (page, name) =>
  until(`the step ${name} is done`, async () =>
    /\bdone\b/.test((await step(page, name).getAttribute("class")) ?? ""),
  );
const sender = (page, name) =>
  page.locator(".setup-pick button", { hasText: name }).click();
const snippet = (page) => page.locator("[data-testid=snippet]").textContent();
const live = (page, text) =>
  page.locator("[data-testid=live]", { hasText: text }).waitFor();

/* One line over TCP, as a device sends it. */
const send = (port, line) =>
  new Promise((resolve, reject) => {
    const to = connect(port, "127.0.0.1", () => to.end(`${line}\n`));
    to.on("close", resolve);
    to.on("error", reject);
  });

const clock = () => {
  const now = new Date(Date.now() + 7 * 3600 * 1000).toISOString();
  return { day: now.slice(0, 10), time: now.slice(11, 19) };
};

function fortigate() {
  const { day, time } = clock();
  return `<189>date=${day} time=${time} devname="FGT-BIEN" devid="FGT60F0000000001" logid="0100032002" type="event" subtype="system" level="alert" vd="root" user="admin" ui="https(198.51.100.9)" action="login" status="failed" msg="Administrator admin login failed" tz="+0700"`;
}

function zimbra() {
  const { day, time } = clock();
  return `<134>${day}T${time}+07:00 mail zimbra: ${day} ${time},123 WARN  [qtp1-7:https:https://mail.example.vn/service/soap/AuthRequest] [name=ke.toan@example.vn;oip=198.51.100.23;ua=zclient/9.0;] security - cmd=Auth; account=ke.toan@example.vn; protocol=soap; error=authentication failed for [ke.toan@example.vn], invalid password;`;
}

const logon = () =>
  JSON.stringify({
    "@timestamp": new Date().toISOString(),
    winlog: {
      channel: "Security",
      event_id: 4625,
      provider_name: "Microsoft-Windows-Security-Auditing",
      computer_name: "DC-01",
      event_data: { TargetUserName: "quantri", IpAddress: "198.51.100.23" },
    },
    host: { name: "DC-01" },
    message: "An account failed to log on.",
  });

const bulk = (name, token) =>
  fetch(`${URL_BASE}/_bulk`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${name}:${token}`).toString("base64")}`,
      "Content-Type": "application/x-ndjson",
    },
    body: `{"create":{"_index":"winlogbeat"}}\n${logon()}\n`,
  });

export const cases = [
  [
    "first: the unit and its ranges are the first step",
    async ({ page }) => {
      await step(page, "Cơ quan").filter({ hasText: "chưa đặt tên" }).waitFor();
      await page.fill("[name=unit]", "Cơ quan Mẫu");
      await page.fill("[name=public_ranges]", "203.0.113.0/26");
      await page.getByRole("button", { name: "Lưu" }).click();
      await done(page, "Cơ quan");
      await page.locator(".setup-foot .btn.primary").click();
    },
  ],
  [
    "first: a door that is not open is named, with what opens it",
    async ({ page }) => {
      await sender(page, "FortiGate");
      await page.getByRole("button", { name: "Dòng lệnh, TLS" }).click();
      await page.getByText("Máy này chưa mở cổng syslog TLS").waitFor();
      await page.getByText("certificate: own").waitFor();
    },
  ],
  [
    "first: FortiGate over TCP by the port of its snippet is counted as it comes",
    async (world) => {
      const { page } = world;
      await page.getByRole("button", { name: "Dòng lệnh, TCP" }).click();
      world.tcp = Number(/set port (\d+)/.exec(await snippet(page))?.[1]);
      check(world.tcp > 0, "no port in the snippet");
      await live(page, "Chưa nhận được gì");
      await send(world.tcp, fortigate());
      await live(page, "Đang nhận");
      await live(page, "1 sự kiện");
      await page.locator(".setup-lines li").first().waitFor();
      await shot(page, "setup-fortigate");
    },
  ],
  [
    "first: Windows is refused with a wrong token, which is said, and taken with the one made here",
    async ({ page }) => {
      await sender(page, "Windows");
      check((await bulk("x", "wrong")).status === 401, "a wrong token passed");
      await page.getByText("vì mã không đúng").waitFor();
      await page.getByRole("button", { name: "Tạo mã" }).click();
      await until("the token", async () =>
        /password: "\w/.test((await snippet(page)) ?? ""),
      );
      const text = await snippet(page);
      const [name, token] = ["username", "password"].map(
        (k) => new RegExp(`${k}: "([^"]+)"`).exec(text)[1],
      );
      check(/hosts: \["http:\/\/[\d.]+:\d+"\]/.test(text), "no address of ours");
      check((await bulk(name, token)).ok, "the token was refused");
      await live(page, "Đang nhận");
      await shot(page, "setup-windows");
    },
  ],
  [
    "first: Zimbra is read by its own reader",
    async ({ page, tcp }) => {
      await sender(page, "Zimbra");
      await page.getByRole("button", { name: "rsyslog, TCP" }).click();
      check(
        (await snippet(page)).includes(`port="${tcp}"`),
        "another port than the door's",
      );
      await send(tcp, zimbra());
      await live(page, "Đang nhận");
      await done(page, "Nguồn nhật ký");
      await page.locator(".setup-foot .btn.primary").click();
    },
  ],
  [
    "first: lists are left for later; a shift and an address are entered",
    async ({ page }) => {
      await page.getByRole("link", { name: "Làm sau" }).click();
      const own = page.locator(".reached", { hasText: "Nguyễn Văn An" });
      await own.getByRole("textbox", { name: /Thư điện tử/ }).fill("an@example.vn");
      await own.getByRole("textbox", { name: /Điện thoại/ }).fill("+84 24 0000 0000");
      await own.getByRole("button", { name: "Lưu" }).click();
      await page.getByText(/Đã lưu cách liên lạc/).waitFor();
      await page.getByRole("button", { name: "Thêm ca trực" }).click();
      const dialog = page.locator('[role="dialog"]');
      await dialog.locator("[name=days]").fill("2");
      await dialog.locator("button[type=submit]").click();
      await page.getByText("Đã thêm 2 ca trực").waitFor();
      await page.getByText("Có người trực canh", { exact: true }).waitFor();
      await step(page, "Người trực")
        .filter({ hasText: "chưa có đường báo" })
        .waitFor();
    },
  ],
  [
    "first: a mail server is named and tried; who watches is mailed for the highest severities",
    async (world) => {
      const { page } = world;
      world.post = await mailbox();
      await page.fill("[name=smtp_host]", "127.0.0.1");
      await page.fill("[name=smtp_port]", String(world.post.port));
      await page.fill("[name=smtp_from]", "canh@example.vn");
      await page.getByRole("textbox", { name: "Mã hoá" }).click();
      await page.getByRole("option", { name: "không mã hoá" }).click();
      await page.getByRole("button", { name: "Lưu máy chủ thư" }).click();
      await page.fill("[name=trial]", "an@example.vn");
      await page.getByRole("button", { name: "Gửi thử" }).click();
      await page
        .locator("[data-testid=trial]", { hasText: "Đã nhận" })
        .waitFor();
      check(world.post.mails.length === 1, "no trial letter came");
      await page.getByRole("button", { name: "mẫu thường dùng" }).click();
      await page.getByRole("button", { name: "Lưu cách báo" }).click();
      await done(page, "Người trực");
      await shot(page, "setup-duty");
    },
  ],
  [
    "first: the board says what is still open, and leads there",
    async ({ page }) => {
      await open(page, "board");
      const strip = page.locator(".setup-strip");
      await strip.filter({ hasText: "còn 2 bước" }).waitFor();
      check(
        /chưa có danh sách nào; chưa diễn tập/.test(await strip.textContent()),
        "not the two that are open",
      );
      await page
        .locator(".tile", { hasText: "Đang trực" })
        .filter({ hasText: "Nguyễn Văn An" })
        .waitFor();
    },
  ],
];

/* After the list came, which the cases of lists import. */
export const later = [
  [
    "first: the alert was mailed to who watches, with number, severity and time alone, and its receipt is shown",
    async ({ page, post }) => {
      await until("the letter", async () => post.mails.length >= 2, 20000);
      for (const mail of post.mails.slice(1))
        check(!mail.includes("203.0.113.77"), "the letter tells too much");
      check(/^To:.*an@example\.vn/m.test(post.mails[1]), "to somebody else");
      await open(page, "notices");
      await page
        .locator(".notice-row", { hasText: "an@example.vn" })
        .filter({ hasText: "Đã nhận" })
        .first()
        .waitFor();
      await shot(page, "notices");
    },
  ],
  [
    "first: taken up again, the exercise is played and all of it found; nothing is open any more",
    async ({ page }) => {
      await open(page, "board");
      await page.locator(".setup-strip").getByText("Làm tiếp").click();
      await page.locator(".setup-drill .btn").first().click();
      await until(
        "all is found",
        async () =>
          (await page.locator(".drill-found .mark.met").count()) === 3,
        20000,
      );
      await done(page, "Diễn tập");
      await shot(page, "setup-drill");
      await page.getByRole("link", { name: "Tới bảng canh" }).click();
      await page.waitForSelector(".board .tile");
      await until(
        "the board says nothing of it",
        async () => (await page.locator(".setup-strip").count()) === 0,
      );
    },
  ],
];
