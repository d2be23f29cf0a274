/* SPDX-License-Identifier: Apache-2.0 */
/* The page that `canh hunt --format html` writes, opened as a file: it asks nobody, filters, and runs nothing of what logs hold. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { axe, check, shot, until, wider } from "./lib.mjs";

const EVIL = `whoami </script><script>window.owned=1</script><img src=x onerror="window.owned=1"> '"\`&lt; <!-- \u202eexe`;
const RULES = `title: Shell </script><b>bold</b>
title_vi: x
id: shell
level: high
tags: [attack.t1059, attack.t1003.001]
logsource: {category: process_creation, product: windows}
detection: {sel: {CommandLine|contains: whoami}, condition: sel}
canh:
  vi: {title: Trình lệnh}
---
title: Dump
id: dump
level: critical
tags: [attack.t1003.001]
logsource: {category: process_creation, product: windows}
detection: {sel: {CommandLine|contains: lsass}, condition: sel}
`;

const line = (host, command, at) =>
  JSON.stringify({
    EventID: 1,
    Channel: "Microsoft-Windows-Sysmon/Operational",
    "@timestamp": at,
    Computer: host,
    Image: "C:\\Windows\\System32\\cmd.exe",
    CommandLine: command,
    User: `</dd><script>window.owned=1</script>`,
  });

function written(folder, ...how) {
  const got = spawnSync(
    process.env.CANH ?? "build/release/canh",
    ["hunt", "--format", "html", "--rules", join(folder, "r.yml"), ...how],
    {
      encoding: "utf8",
      env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
    },
  );
  check(got.status === 0, got.stderr);
  return got.stdout;
}

/* Twenty-four hours of one machine, one hour of another. */
function pageOf(folder) {
  const lines = [];
  for (let i = 0; i < 24; i++)
    lines.push(
      line(
        "pc-01",
        i % 2 ? "cmd /c whoami" : `whoami /${i}`,
        `2026-11-22T${String(i).padStart(2, "0")}:00:00Z`,
      ),
    );
  lines.push(
    line(`pc"><svg onload=window.owned=1>`, EVIL, "2026-11-22T10:30:00Z"),
  );
  lines.push(line("pc-02", "procdump lsass", "2026-11-22T10:31:00Z"));
  writeFileSync(join(folder, "r.yml"), RULES);
  writeFileSync(join(folder, "a<b>&.jsonl"), lines.join("\n"));
  const html = written(folder, "--lang", "vi", join(folder, "a<b>&.jsonl"));
  writeFileSync(join(folder, "page.html"), html);
  return html;
}

async function looked(page) {
  const count = () => page.textContent("#count");
  const is = (want) => until(want, async () => (await count()) === want);
  await is("26/26 phát hiện");
  check(
    (await page.textContent("h1")) === "Báo cáo rà soát nhật ký",
    "its title",
  );
  const machines = await page.$$eval("h2.machine", (all) =>
    all.map((x) => x.firstChild.data),
  );
  check(
    JSON.stringify(machines) ===
      JSON.stringify(["pc-02", "pc-01", 'pc"><svg onload=window.owned=1>']),
    `machines: ${machines}`,
  );
  check((await page.$$("article")).length === 15, "folded");
  check(
    (await page.textContent("#list")).includes(
      "T1003.001 Đọc bộ nhớ tiến trình LSASS",
    ),
    "technique",
  );

  await page.uncheck("input[name=s3]");
  await is("1/26 phát hiện");
  await page.check("input[name=s3]");
  await page.selectOption("select[name=host]", { label: "pc-01" });
  await is("24/26 phát hiện");
  await page.click("button[name=clear]");
  await page.selectOption("select[name=rule]", { label: "Dump" });
  await is("1/26 phát hiện");
  await page.click("button[name=clear]");
  await page.fill("input[name=text]", "TRINH WHOAMI /14");
  await is("1/26 phát hiện");
  check(
    (await page.textContent("article dd.data")) === "whoami /14",
    "command line",
  );
  await page.click("button[name=clear]");
  await page.fill("input[name=from]", "2026-11-22T17:00"); /* +07:00 */
  await page.fill("input[name=to]", "2026-11-22T18:00");
  await is(
    "15/26 phát hiện",
  ); /* what happened again and again reaches over it */
  await page.click("button[name=clear]");
  await page.fill("input[name=from]", "123456-01-01T00:00"); /* no time */
  await page.selectOption("select[name=rule]", { label: "Dump" });
  await is("1/26 phát hiện");
  await page.click("button[name=clear]");
  const box = await page.locator("#timeline svg").boundingBox();
  await page.mouse.move(box.x + 1, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 3, box.y + 50);
  await page.mouse.up();
  await is("1/26 phát hiện");
  await page.click("button[name=lang]");
  await is("1 of 26 hits");
  check(
    (await page.textContent("h1")) === "Report of a hunt through logs",
    "English",
  );
  await page.click("button[name=clear]");
  await is("26 of 26 hits");
}

async function hostile(page, html) {
  const dd = await page.$$eval("article dd.data", (all) =>
    all.map((x) => x.textContent),
  );
  check(
    dd.includes(EVIL.replace("\u202e", "\\u202e")),
    "what is hostile stands as it was written",
  );
  check(
    (await page.textContent("#list")).includes("Shell </script><b>bold</b>"),
    "the title, too",
  );
  check(
    (await page.$$("#page b, #page img, #page script, #page svg[onload]"))
      .length === 0,
    "nothing was made of it",
  );
  check(
    (await page.evaluate(() => window.owned)) === undefined,
    "nothing of it ran",
  );
  check(
    html.split("<script").length === 3 && html.split("</script>").length === 3,
    "no markup of others",
  );
  await page.evaluate(() => {
    const s = document.createElement("script");
    s.textContent = "window.owned = 2";
    document.head.append(s);
  });
  check(
    (await page.evaluate(() => window.owned)) === undefined,
    "the policy refuses other scripts",
  );
}

export const cases = [
  [
    "hunt: the page of a hunt filters, asks nobody and runs nothing of the logs",
    async ({ browser }) => {
      const folder = mkdtempSync(join(tmpdir(), "canh-hunt-"));
      const context = await browser.newContext({
        viewport: { width: 1200, height: 900 },
        offline: true,
      });
      try {
        const html = pageOf(folder);
        const page = await context.newPage();
        const faults = [];
        const asked = [];
        page.on("pageerror", (e) => faults.push(e.message));
        page.on("request", (r) => asked.push(r.url()));
        await page.goto(pathToFileURL(join(folder, "page.html")).href);
        await looked(page);
        const found = await axe(page);
        check(found.length === 0, found.join("\n"));
        await shot(page, "hunt-page");
        await page.setViewportSize({ width: 390, height: 800 });
        check((await wider(page)) <= 0, "too wide for a phone");
        check(faults.length === 0 && asked.length === 1, `${faults} ${asked}`);
        await hostile(page, html);
      } finally {
        await context.close();
        rmSync(folder, { recursive: true });
      }
    },
  ],
];
