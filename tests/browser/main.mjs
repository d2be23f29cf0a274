/* SPDX-License-Identifier: Apache-2.0 */
/* The cases in the order of a first day: account, board, sources, lists, a live alert, its triage, then everything else;
   the first day in English last. */
import { cases as account, signInAgain } from "./account.mjs";
import { cases as admin } from "./admin.mjs";
import { cases as alerts } from "./alerts.mjs";
import { cases as bell } from "./bell.mjs";
import { cases as board } from "./board.mjs";
import { cases as events } from "./events.mjs";
import { cases as faces } from "./faces.mjs";
import { english } from "./english.mjs";
import { alarms, later, mailed, steps } from "./first.mjs";
import { cases as held } from "./held.mjs";
import { cases as house, password } from "./house.mjs";
import { cases as hunt } from "./hunt.mjs";
import { launch, shot, URL_BASE } from "./lib.mjs";
import { cases as lists } from "./lists.mjs";
import { cases as look } from "./look.mjs";
import { cases as units } from "./units.mjs";
import { WORDS } from "./words.mjs";

const browser = await launch();
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  colorScheme: "light",
  locale: "vi-VN",
});
const page = await context.newPage();
const world = {
  browser,
  context,
  page,
  secret: "",
  token: "",
  faults: [],
  outside: [],
};

page.on("pageerror", (e) => world.faults.push(`page error: ${e.message}`));
page.on("console", (m) => {
  /* a refused sign-in is an answer, not a fault of the page */
  if (
    m.type() === "error" &&
    !/status of (401|403|404|409|422|429)/.test(m.text())
  )
    world.faults.push(m.text());
});
context.on("request", (r) => {
  const url = new URL(r.url());
  if (/^https?:$/.test(url.protocol) && url.origin !== new URL(URL_BASE).origin)
    world.outside.push(r.url());
});

const only = process.argv[2];
let passed = 0;
let failed = 0;
for (const [name, run] of [
  ...account,
  ...steps(WORDS.vi),
  ...board,
  ...admin,
  ...events,
  ...lists,
  ...alerts.slice(0, -1),
  ...mailed(WORDS.vi),
  ...alarms(WORDS.vi),
  ...later(WORDS.vi),
  ...alerts.slice(-1),
  ...bell,
  ...house,
  ...units,
  ...faces,
  ...held,
  ...look,
  ...hunt,
  ...password,
  ...signInAgain,
  ...english(browser),
]) {
  if (only && !name.includes(only) && !name.startsWith("account:")) continue;
  const from = Date.now();
  try {
    const said = await run(world);
    passed++;
    console.log(
      `ok   ${name} (${Date.now() - from} ms)${said ? `: ${said}` : ""}`,
    );
  } catch (e) {
    failed++;
    console.log(
      `FAIL ${name}: ${e.message.split("\n").slice(0, 6).join("\n     ")}`,
    );
    await shot(world.at ?? world.page, `fail-${failed}`).catch(() => undefined);
    /* without an account nothing else can be seen */
    if (name.startsWith("account:")) break;
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
