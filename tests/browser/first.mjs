/* SPDX-License-Identifier: Apache-2.0 */
/* The first day: the five steps as a person would do them, with senders that really send. */
import { connect } from "node:net";
import { check, open, shot, until } from "./lib.mjs";
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

/* A failed sign-in, which is only seen, and what the rules tell of: each as the device writes it. */
const FORTIGATE = {
  seen: `logid="0100032002" type="event" subtype="system" level="alert" vd="root" user="admin" ui="https(198.51.100.9)" action="login" status="failed" msg="Administrator admin login failed"`,
  told: `logid="0100044547" type="event" subtype="system" level="information" vd="root" logdesc="Object attribute configured" user="admin" ui="GUI(198.51.100.9)" action="Add" cfgtid=9371676 cfgpath="system.admin" cfgobj="tam" cfgattr="password[*]accprofile[super_admin]" msg="Add system.admin tam"`,
};
const ZIMBRA = {
  seen: "WARN  [qtp1-7:https:https://mail.example.vn/service/soap/AuthRequest] [name=ke.toan@example.vn;oip=198.51.100.23;ua=zclient/9.0;] security - cmd=Auth; account=ke.toan@example.vn; protocol=soap; error=authentication failed for [ke.toan@example.vn], invalid password;",
  told: "INFO  [qtp1-9:https:https://mail.example.vn:7071/service/admin/soap/AuthRequest] [name=admin@example.vn;oip=198.51.100.23;ua=ZimbraWebClient/9.0;] security - cmd=AdminAuth; account=admin@example.vn;",
};
const WINDOWS = {
  seen: { event_id: 4625, event_data: { TargetUserName: "quantri" } },
  told: { event_id: 1102, event_data: { SubjectUserName: "quantri" } },
};

function fortigate(what) {
  const { day, time } = clock();
  return `<189>date=${day} time=${time} devname="FGT-BIEN" devid="FGT60F0000000001" ${FORTIGATE[what]} tz="+0700"`;
}

function zimbra(what) {
  const { day, time } = clock();
  return `<134>${day}T${time}+07:00 mail zimbra: ${day} ${time},123 ${ZIMBRA[what]}`;
}

const windows = (what) =>
  JSON.stringify({
    "@timestamp": new Date().toISOString(),
    winlog: {
      channel: "Security",
      provider_name: "Microsoft-Windows-Security-Auditing",
      computer_name: "DC-01",
      ...WINDOWS[what],
    },
    host: { name: "DC-01" },
  });

const bulk = (page, name, token, what) =>
  fetch(`${new URL(page.url()).origin}/_bulk`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${name}:${token}`).toString("base64")}`,
      "Content-Type": "application/x-ndjson",
    },
    body: `{"create":{"_index":"winlogbeat"}}\n${windows(what)}\n`,
  });

/* The steps, as `w` words them. */
/* The page of notices shows that the letter was taken. */
async function receipt(page, w) {
  await open(page, "notices");
  await page
    .locator(".notice-row", { hasText: "an@example.vn" })
    .filter({ hasText: w.received })
    .first()
    .waitFor();
}

export const steps = (w) => [
  [
    "first: the unit and its ranges are the first step",
    async ({ page }) => {
      await step(page, w.step.unit).filter({ hasText: w.unnamed }).waitFor();
      await page.fill("[name=unit]", "Cơ quan Mẫu");
      await page.fill("[name=public_ranges]", "203.0.113.0/26");
      await page.getByRole("button", { name: w.save }).click();
      await done(page, w.step.unit);
      await page.locator(".setup-foot .btn.primary").click();
    },
  ],
  [
    "first: a door that is not open is named, with what opens it",
    async ({ page }) => {
      await sender(page, "FortiGate");
      await page.getByRole("button", { name: w.tls }).click();
      await page.getByText(w.tlsClosed).waitFor();
      await page.getByText("certificate: own").waitFor();
    },
  ],
  [
    "first: FortiGate over TCP by the port of its snippet is counted as it comes",
    async (world) => {
      const { page } = world;
      await page.getByRole("button", { name: w.tcp }).click();
      world.tcp = Number(/set port (\d+)/.exec(await snippet(page))?.[1]);
      check(world.tcp > 0, "no port in the snippet");
      await live(page, w.nothing);
      await send(world.tcp, fortigate("seen"));
      await live(page, w.coming);
      await live(page, w.oneEvent);
      await page.locator(".setup-lines li").first().waitFor();
      await shot(page, `setup-fortigate-${w.lang}`);
    },
  ],
  [
    "first: Windows is refused with a wrong token, which is said, and taken with the one made here",
    async (world) => {
      const { page } = world;
      await sender(page, "Windows");
      check((await bulk(page, "x", "wrong", "seen")).status === 401, "a wrong token passed");
      await page.getByText(w.wrongToken).waitFor();
      await page.getByRole("button", { name: w.makeToken }).click();
      await until("the token", async () =>
        /password: "\w/.test((await snippet(page)) ?? ""),
      );
      const text = await snippet(page);
      world.winlogbeat = ["username", "password"].map(
        (k) => new RegExp(`${k}: "([^"]+)"`).exec(text)[1],
      );
      check(/hosts: \["http:\/\/[\d.]+:\d+"\]/.test(text), "no address of ours");
      check((await bulk(page, ...world.winlogbeat, "seen")).ok, "the token was refused");
      await live(page, w.coming);
      await shot(page, `setup-windows-${w.lang}`);
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
      await send(tcp, zimbra("seen"));
      await live(page, w.coming);
      await done(page, w.step.sources);
      await page.locator(".setup-foot .btn.primary").click();
    },
  ],
  [
    "first: lists are left for later; a shift and an address are entered",
    async ({ page }) => {
      await page.getByRole("link", { name: w.later, exact: true }).click();
      const own = page.locator(".reached", { hasText: "Nguyễn Văn An" });
      await own.getByRole("textbox", { name: w.email }).fill("an@example.vn");
      await own.getByRole("textbox", { name: w.phone }).fill("+84 24 0000 0000");
      await own.getByRole("button", { name: w.save }).click();
      await page.getByText(w.contactSaved).waitFor();
      await page.getByRole("button", { name: w.addShift }).click();
      const dialog = page.locator('[role="dialog"]');
      await dialog.locator("[name=days]").fill("2");
      await dialog.locator("button[type=submit]").click();
      await page.getByText(w.shiftsAdded).waitFor();
      await page.getByText(w.covered, { exact: true }).waitFor();
      await step(page, w.step.duty)
        .filter({ hasText: w.noChannel })
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
      await page.getByRole("textbox", { name: w.encryption }).click();
      await page.getByRole("option", { name: w.plain, exact: true }).click();
      await page.getByRole("button", { name: w.saveMail }).click();
      await page.fill("[name=trial]", "an@example.vn");
      await page.getByRole("button", { name: w.trial, exact: true }).click();
      await page
        .locator("[data-testid=trial]", { hasText: w.received })
        .waitFor();
      check(world.post.mails.length === 1, "no trial letter came");
      await page.getByRole("button", { name: w.usual }).click();
      await page.getByRole("button", { name: w.saveRules }).click();
      await done(page, w.step.duty);
      await shot(page, `setup-duty-${w.lang}`);
    },
  ],
  [
    "first: the board says what is still open, and leads there",
    async ({ page }) => {
      await open(page, "board");
      const strip = page.locator(".setup-strip");
      await strip.filter({ hasText: w.twoOpen }).waitFor();
      check(
        w.open.test(await strip.textContent()),
        "not the two that are open",
      );
      await page
        .locator(".tile", { hasText: w.onWatch })
        .filter({ hasText: "Nguyễn Văn An" })
        .waitFor();
    },
  ],
];

/* What the devices send makes alerts: mailed, acknowledged on a phone by keyboard and by touch, closed with a verdict. */
export const alarms = (w) => [
  [
    "first: lines of FortiGate, Windows and Zimbra make three alerts, and who watches is mailed of them",
    async ({ page, tcp, winlogbeat, post }) => {
      await open(page, "alerts");
      await send(tcp, fortigate("told"));
      check((await bulk(page, ...winlogbeat, "told")).ok, "refused");
      await send(tcp, zimbra("told"));
      for (const title of Object.values(w.alerts))
        await page.locator(".alerts .a", { hasText: title }).waitFor();
      /* the first was the trial; of more alerts soon after, one letter may tell */
      await until("a letter", async () => post.mails.length >= 2, 20000);
      for (const mail of post.mails.slice(1))
        check(!/FGT|DC-01|zimbra/i.test(mail), "the letter tells too much");
      await receipt(page, w);
      await open(page, "board");
      await page.locator(".told", { hasText: w.notices }).waitFor();
      check(
        (await page.locator(".told .t-failed").count()) === 0,
        "the board says that a notice was lost",
      );
    },
  ],
  [
    "first: on a phone they are acknowledged by keyboard and by touch, and closed with a verdict",
    async ({ browser, context, page }) => {
      const hand = await browser.newContext({
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
        locale: "vi-VN",
        storageState: await context.storageState(),
      });
      const phone = await hand.newPage();
      await phone.goto(`${new URL(page.url()).origin}/#/alerts`);
      const row = (title) =>
        phone.locator(".alerts .a", { hasText: title }).locator(".hit");
      const said = (text) => phone.getByText(text).waitFor();
      const dialog = phone.locator('[role="dialog"]');
      const verdict = async () => {
        await dialog.locator("textarea").first().fill("Theo kế hoạch bảo trì");
        await dialog.locator("textarea").nth(1).fill("Đã gọi quản trị viên");
      };

      await row(w.alerts.fortigate).focus();
      await phone.keyboard.press("Enter");
      await phone.locator("#alert-card .q h3").first().waitFor();
      await phone.locator("#alert-card").focus();
      await phone.keyboard.press("a");
      await said(w.acked);
      await phone.keyboard.press("f");
      await verdict();
      await dialog.locator("button[type=submit]").press("Enter");
      await said(w.verdictDone);
      await dialog.waitFor({ state: "detached" });

      await phone.goto(`${new URL(page.url()).origin}/#/alerts`);
      await row(w.alerts.zimbra).tap();
      await phone.locator("#alert-card .q h3").first().waitFor();
      await phone.locator(".verdict .btn.primary").tap();
      await said(w.acked);
      await phone
        .locator(".verdict")
        .getByRole("button", { name: w.falseAlarm })
        .tap();
      await verdict();
      await shot(phone, `phone-verdict-${w.lang}`);
      await dialog.locator("button[type=submit]").tap();
      await said(w.verdictDone);
      await hand.close();
    },
  ],
];

/* After the list came, which the cases of lists import. */
export const mailed = (w) => [
  [
    "first: the alert was mailed to who watches, with number, severity and time alone, and its receipt is shown",
    async ({ page, post }) => {
      await until("the letter", async () => post.mails.length >= 2, 20000);
      for (const mail of post.mails.slice(1))
        check(!mail.includes("203.0.113.77"), "the letter tells too much");
      check(/^To:.*an@example\.vn/m.test(post.mails[1]), "to somebody else");
      await receipt(page, w);
      await shot(page, "notices");
    },
  ],
];

export const later = (w) => [
  [
    "first: taken up again, the exercise is played and all of it found; nothing is open any more",
    async ({ page }) => {
      await open(page, "board");
      await page.locator(".setup-strip").getByText(w.goOn).click();
      await page.locator(".setup-drill .btn").first().click();
      await until(
        "all is found",
        async () =>
          (await page.locator(".drill-found .mark.met").count()) === 3,
        20000,
      );
      await done(page, w.step.drill);
      await shot(page, `setup-drill-${w.lang}`);
      await page.getByRole("link", { name: w.toBoard }).click();
      await page.waitForSelector(".board .tile");
      await until(
        "the board says nothing of it",
        async () => (await page.locator(".setup-strip").count()) === 0,
      );
    },
  ],
];
