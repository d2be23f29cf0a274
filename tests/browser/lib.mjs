/* SPDX-License-Identifier: Apache-2.0 */
/* What every browser case shares: the browser, one-time codes, waiting, the tally. */
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";

const need = createRequire(new URL("../../ui/package.json", import.meta.url));
const { chromium } = need("playwright-core");
export const axeSource = need("axe-core").source;

export const URL_BASE = process.env.CANH_URL.replace(/\/$/, "");
const SHOTS = process.env.CANH_SHOTS;

export function inviteToken(link = process.env.CANH_INVITE) {
  const m = /([^/#]+)\/?$/.exec(link.trim());
  if (!m) throw new Error("CANH_INVITE holds no token");
  return m[1];
}

/* A limit is told for a machine at rest; one that others use, too, has so many times as long. */
const BUSY = 4;
const PATIENCE_MS = 30000 * BUSY;

async function begun() {
  return chromium.launch({
    executablePath: process.env.CANH_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-default-apps",
      "--disable-sync",
      "--no-first-run",
      "--no-pings",
      "--metrics-recording-only",
    ],
  });
}

export async function launch() {
  const browser = await begun();
  const make = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await make(options);
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return browser;
}

function base32(text) {
  let bits = "";
  for (const c of text.replace(/[\s=]/g, ""))
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
      .indexOf(c)
      .toString(2)
      .padStart(5, "0");
  return Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
}

const lastSteps = new Map();

/* RFC 6238, 30 s, six digits. A code is never used twice: the server may refuse a replay, and rightly. After one it
   takes that of the next half minute, as from a telephone whose clock is ahead. */
export async function oneTimeCode(secret) {
  const now = () => Math.floor(Date.now() / 30000);
  const last = lastSteps.get(secret) ?? 0;
  while (last > now()) await new Promise((r) => setTimeout(r, 200));
  const step = Math.max(now(), last + 1);
  lastSteps.set(secret, step);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", base32(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, "0");
}

export function check(ok, what) {
  if (!ok) throw new Error(what);
}

export async function until(what, probe, ms = 10000) {
  const end = Date.now() + BUSY * ms;
  for (;;) {
    const got = await probe();
    if (got) return got;
    if (Date.now() > end) throw new Error(`waited ${BUSY * ms} ms in vain: ${what}`);
    await new Promise((r) => setTimeout(r, 40));
  }
}

/* on the server where the page is already, else on the first */
export const open = async (page, route) => {
  const { origin } = new URL(page.url());
  await page.goto(`${origin === "null" ? URL_BASE : origin}/#/${route}`);
  await page.waitForSelector("main");
};

export const shot = (page, name) =>
  page.screenshot({ path: join(SHOTS, `${name}.png`) });

/* No page may scroll sideways, whatever its width. */
export const wider = (page) =>
  page.evaluate(
    () =>
      Math.max(
        document.documentElement.scrollWidth,
        document.body.scrollWidth,
      ) - window.innerWidth,
  );

/* What fades in stands, what moves has come to its place. */
export const still = (page) =>
  page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        (a) =>
          a.playState !== "running" ||
          a.effect?.getComputedTiming().endTime === Infinity,
      ),
  );

/* Serious and critical findings of axe, as text. The source is evaluated, not injected: the page's CSP stays whole. */
export async function axe(page) {
  await still(page);
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const found = await window.axe.run(document, {
      resultTypes: ["violations"],
    });
    return found.violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .map(
        (v) =>
          `${v.id}: ${v.nodes
            .slice(0, 3)
            .map((n) => n.target.join(" "))
            .join(", ")}`,
      );
  });
}
