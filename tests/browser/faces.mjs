/* SPDX-License-Identifier: Apache-2.0 */
/* The board's other faces: the wall of 1080p, read from four metres, and the one page of A4. */
import { axe, check, open, shot, URL_BASE } from "./lib.mjs";

/* Words of the page that are smaller than `min` pixels, and what sticks out of its box. */
const small = (page, root, min) =>
  page.evaluate(
    ([selector, least]) => {
      const found = new Set();
      const all = document.querySelectorAll(`${selector} *`);
      for (const e of all) {
        const own = [...e.childNodes].some(
          (n) => n.nodeType === 3 && n.textContent.trim() !== "",
        );
        const size = parseFloat(getComputedStyle(e).fontSize);
        if (own && e.getClientRects().length > 0 && size < least - 0.01)
          found.add(`${e.tagName}.${e.className} ${size}px: ${e.textContent}`);
      }
      return [...found].slice(0, 5);
    },
    [root, min],
  );

async function wall(page, width, height, min) {
  await page.setViewportSize({ width, height });
  await page.goto(page.url().replace(/#.*/, "#/wall"));
  await page.waitForSelector(".wall-measures li .name");
  await page.waitForTimeout(300);
  const tiny = await small(page, ".wall", min);
  check(tiny.length === 0, `too small at ${width}: ${tiny.join(" | ")}`);
  const out = await page.evaluate(() => {
    const cut = [...document.querySelectorAll(".wall > *, .wall .thing")];
    return cut
      .filter(
        (e) =>
          e.getBoundingClientRect().bottom > innerHeight + 1 ||
          e.getBoundingClientRect().right > innerWidth + 1 ||
          (e.matches(".thing") && e.scrollHeight > e.clientHeight + 1),
      )
      .map((e) => e.className + e.textContent.slice(0, 60));
  });
  check(out.length === 0, `sticks out at ${width}: ${out.join(" | ")}`);
}

async function paper(page) {
  for (const lang of ["vi", "en"]) {
    await page.evaluate((l) => localStorage.setItem("canh.lang", l), lang);
    await open(page, "board/print");
    await page.reload();
    await page.locator(".a4 .qr").waitFor();
    await page.waitForTimeout(500);
    await shot(page, `print-${lang}`);
    await page.emulateMedia({ media: "print" });
    const over = await page.evaluate(() => {
      const a4 = document.querySelector(".a4");
      return a4.scrollHeight - a4.clientHeight;
    });
    check(over <= 0, `${over} px do not fit on the page (${lang})`);
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g);
    check(pages?.length === 1, `${pages?.length} pages`);
    await page.emulateMedia({ media: null });
  }
}

/* How many times as long as alone work takes here now, by some that is nothing but work. */
function crowd() {
  const from = performance.now();
  const before = process.cpuUsage();
  let worked = 0;
  while (worked < 100) {
    for (let i = 0; i < 1e6; i++);
    const { user, system } = process.cpuUsage(before);
    worked = (user + system) / 1000;
  }
  return Math.max(1, (performance.now() - from) / worked);
}

/* What a first visit costs: packed script, layout shift, time to the figures. */
async function firstView(world, route, ready, rest) {
  const page = await world.context.newPage();
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const e of list.getEntries())
        if (!e.hadRecentInput) window.shift += e.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const from = Date.now();
  await page.goto(`${URL_BASE}/#/${route}`);
  await page.waitForSelector(ready);
  const ms = Date.now() - from;
  await page.waitForTimeout(rest);
  const got = await page.evaluate(() => ({
    shift: window.shift,
    script: performance
      .getEntriesByType("resource")
      .filter((r) => r.name.endsWith(".js"))
      .reduce((sum, r) => sum + r.encodedBodySize, 0),
  }));
  await page.close();
  return { ms, ...got };
}

export const cases = [
  [
    "first view: within a second, script within 350 KB packed, nothing moves, on board and alerts",
    async (world) => {
      const said = [];
      for (const [route, ready] of [
        ["board", ".measures li"],
        ["alerts", ".alerts .a"],
      ]) {
        /* the quickest of three, of more while none was quick: others may have the machine meanwhile */
        const views = [];
        let v = null;
        while (views.length < 3 || (v.alone > 1000 && views.length < 9)) {
          const before = crowd();
          const rest = views.length ? 100 : 1200;
          const view = await firstView(world, route, ready, rest);
          view.alone = view.ms / Math.min(before, crowd());
          views.push(view);
          v = views.reduce((a, b) => (a.alone < b.alone ? a : b));
        }
        const took = `${v.ms} ms (${Math.round(v.alone)} ms alone)`;
        check(v.alone <= 1000, `${route}: its figures took ${took}`);
        check(v.script > 50_000, `${route}: no script was counted`);
        check(v.script <= 350 * 1024, `${route}: ${v.script} bytes of script`);
        const shift = Math.max(...views.map((one) => one.shift));
        check(shift < 0.01, `${route}: layout shift ${shift}`);
        said.push(`${route} ${took}, ${Math.round(v.script / 1024)} KB`);
      }
      return said.join("; ");
    },
  ],
  [
    "wall: all of it on 1080p and on 4K, nothing under 26 px of 1080, in both languages",
    async ({ page }) => {
      await open(page, "board");
      for (const lang of ["vi", "en"]) {
        await page.evaluate((l) => localStorage.setItem("canh.lang", l), lang);
        await page.reload();
        await wall(page, 1920, 1080, 26);
        await shot(page, `wall-${lang}`);
        const found = await axe(page);
        check(found.length === 0, found.join("\n"));
        await wall(page, 3840, 2160, 52);
        await page.goto(page.url().replace(/#.*/, "#/board"));
      }
      await page.evaluate(() => localStorage.setItem("canh.lang", "vi"));
      await page.reload();
    },
  ],
  [
    "wall: when the server is gone it says so across the screen, and recovers",
    async ({ page, context, faults }) => {
      const before = faults.length;
      await wall(page, 1920, 1080, 26);
      await context.route("**/api/v1/board", (r) => r.abort());
      await page.reload();
      await page.getByText("MẤT KẾT NỐI VỚI CANH").waitFor();
      await context.unroute("**/api/v1/board");
      await page.reload();
      await page.waitForSelector(".wall-measures li .name");
      check(
        (await page.locator(".wall .lost").count()) === 0,
        "still called lost",
      );
      await page.setViewportSize({ width: 1440, height: 900 });
      /* the browser writes down what this case broke itself */
      faults.splice(before);
    },
  ],
  [
    "print: the board is one page of A4 in both languages, whole, whatever the theme",
    async ({ page }) => {
      await page.emulateMedia({ colorScheme: "dark" });
      try {
        await paper(page);
      } finally {
        await page.emulateMedia({ colorScheme: "light", media: null });
        await page.evaluate(() => localStorage.setItem("canh.lang", "vi"));
        await open(page, "board");
        await page.reload();
      }
    },
  ],
];
