/* SPDX-License-Identifier: Apache-2.0 */
/* The Vietnamese lunar calendar: months begin on the day of the new moon at UTC+7, the month that holds the winter
   solstice is the eleventh, and of thirteen months the first without a principal term is the leap one.
   New moon and sun after Meeus, Astronomical Algorithms (chapters 49 and 25), good to a minute or two. */
import { currentLang } from "../i18n/lang";

export interface LunarDate {
  day: number;
  month: number;
  leap: boolean;
  year: number;
}

const ZONE = 7 / 24;
const MONTH = 29.530588861;
const rad = (deg: number): number => (deg * Math.PI) / 180;

/* Julian day (TT) of the k-th new moon after 6 January 2000. */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const e = 1 - 0.002516 * t;
  const sun = rad(2.5534 + 29.1053567 * k - 0.0000014 * t * t);
  const moon = rad(201.5643 + 385.81693528 * k + 0.0107582 * t * t);
  const lat = rad(160.7108 + 390.67050284 * k - 0.0016118 * t * t);
  const node = rad(124.7746 - 1.56375588 * k + 0.0020672 * t * t);
  const mean = 2451550.09766 + MONTH * k + 0.00015437 * t * t;
  return (
    mean -
    0.4072 * Math.sin(moon) +
    0.17241 * e * Math.sin(sun) +
    0.01608 * Math.sin(2 * moon) +
    0.01039 * Math.sin(2 * lat) +
    0.00739 * e * Math.sin(moon - sun) -
    0.00514 * e * Math.sin(moon + sun) +
    0.00208 * e * e * Math.sin(2 * sun) -
    0.00111 * Math.sin(moon - 2 * lat) -
    0.00057 * Math.sin(moon + 2 * lat) +
    0.00056 * e * Math.sin(2 * moon + sun) -
    0.00042 * Math.sin(3 * moon) +
    0.00042 * e * Math.sin(sun + 2 * lat) +
    0.00038 * e * Math.sin(sun - 2 * lat) -
    0.00024 * e * Math.sin(2 * moon - sun) -
    0.00017 * Math.sin(node)
  );
}

/* Dynamical time runs ahead of the clock by about a minute in this century. */
const DELTA_T = 70 / 86400;
const newMoonDay = (k: number): number => Math.floor(newMoon(k) - DELTA_T + 0.5 + ZONE);

/* Which twelfth of the ecliptic the sun stands in when the local day begins. */
function term(day: number): number {
  const t = (day - 0.5 - ZONE - 2451545) / 36525;
  const m = rad(357.52911 + 35999.05029 * t);
  const centre =
    (1.914602 - 0.004817 * t) * Math.sin(m) + (0.019993 - 0.000101 * t) * Math.sin(2 * m) + 0.000289 * Math.sin(3 * m);
  const seen = 280.46646 + 36000.76983 * t + centre - 0.00569 - 0.00478 * Math.sin(rad(125.04 - 1934.136 * t));
  return Math.floor((((seen % 360) + 360) % 360) / 30);
}

const julianDay = (y: number, m: number, d: number): number => Math.floor(Date.UTC(y, m - 1, d) / 86400000) + 2440588;
const lastNewMoon = (day: number): number => {
  let k = Math.floor((day - 2451550) / MONTH) + 1;
  while (newMoonDay(k) > day) k--;
  return k;
};

/* The new moon that begins the eleventh month of a year: the sun enters its tenth twelfth within that month. */
function eleventh(year: number): number {
  const k = lastNewMoon(julianDay(year, 12, 31));
  return term(newMoonDay(k)) >= 9 ? k - 1 : k;
}

/* Of the thirteen months from `first`, which one is the leap one, counted from it. */
function leapAt(first: number): number {
  for (let i = 1; i < 14; i++) if (term(newMoonDay(first + i)) === term(newMoonDay(first + i + 1))) return i;
  return 14;
}

export function lunar(ms: number): LunarDate {
  const local = new Date(ms + 7 * 3600 * 1000);
  const year = local.getUTCFullYear();
  const day = julianDay(year, local.getUTCMonth() + 1, local.getUTCDate());
  const k = lastNewMoon(day);
  const begun = k >= eleventh(year);
  const first = eleventh(begun ? year : year - 1);
  const next = eleventh(begun ? year + 1 : year);
  const at = k - first;
  const leap = next - first === 13 ? leapAt(first) : 99;
  const count = at - (at >= leap ? 1 : 0);
  const month = ((count + 10) % 12) + 1;
  return {
    day: day - newMoonDay(k) + 1,
    month,
    leap: at === leap,
    year: (begun ? year : year - 1) + (count >= 2 ? 1 : 0),
  };
}

/* "Mùng 2 Tết", "28 Tết", else "14/10 âm lịch". */
export function lunarText(ms: number): string {
  const l = lunar(ms);
  const vi = currentLang() === "vi";
  if (l.month === 1 && l.day <= 7) return vi ? `Mùng ${l.day} Tết` : `Tết, day ${l.day}`;
  if (l.month === 12 && l.day >= 23 && !l.leap) return vi ? `${l.day} Tết` : `${l.day}/12, before Tết`;
  const plain = `${l.day}/${l.month}`;
  if (!vi) return `lunar ${plain}${l.leap ? " (leap)" : ""}`;
  return `${plain}${l.leap ? " nhuận" : ""} âm lịch`;
}
