/* SPDX-License-Identifier: Apache-2.0 */
/* What the tiles of the board say, apart from how a desk, a wall, a phone or a sheet of paper draws them. Each names
   where its proof stands and what to do next; one without data is unknown, with the reason, and never a zero. */
import type { TFunction } from "i18next";
import type {
  Board,
  BoardDuty,
  BoardNotices,
  BoardOwn,
  BoardSelf,
  BoardSources,
  OpenTile,
  Tile,
  UnknownTile,
} from "../../api/types";
import { both } from "../../i18n/lang";
import { bytes, clockTime, dateTime, num, span } from "../../lib/format";
import { href } from "../../lib/route";
import { monthShown } from "../lists/model";

export type Tone = "failed" | "unknown" | "attested" | "";

export interface Line {
  label: string;
  value?: string;
  /* a point in time, shown in words */
  at?: string;
  tone?: Tone;
  /* an address, a path */
  mono?: boolean;
}

export interface Thing {
  no: number;
  key: string;
  title: string;
  href: string;
  next: string;
  /* set: nothing is known, and this is why */
  why?: string;
  figure?: string;
  of?: string;
  unit?: string;
  tone?: Tone;
  lines: Line[];
}

export function isUnknown<T>(tile: Tile<T> | null | undefined): tile is UnknownTile {
  return (
    tile === null ||
    tile === undefined ||
    (typeof tile === "object" && "state" in tile && tile.state === "unknown" && "reason" in tile)
  );
}

export const reasonOf = (tile: UnknownTile | null | undefined): string => both(tile?.reason);

type Head = Pick<Thing, "no" | "key" | "title" | "href" | "next">;

const unknown = (head: Head, tile: UnknownTile | null | undefined, t: TFunction): Thing => ({
  ...head,
  why: reasonOf(tile) || t("board.notSeen"),
  tone: "unknown",
  lines: [],
});

function plain(value: unknown): string {
  if (typeof value === "number") return num(value, Number.isInteger(value) ? 0 : 1);
  if (Array.isArray(value)) return value.length > 0 ? value.map(plain).join(", ") : "–";
  if (value && typeof value === "object") {
    if ("vi" in value && "en" in value) return both(value as { vi: string; en: string });
    return Object.entries(value)
      .map(([k, v]) => `${k} ${plain(v)}`)
      .join(", ");
  }
  return value === null || value === undefined || value === "" ? "–" : String(value);
}

/* A tile whose figures this page has no words for yet: by name, as they come. */
function open(head: Head, tile: OpenTile, t: TFunction): Thing {
  if (isUnknown(tile)) return unknown(head, tile, t);
  const lines = Object.entries(tile).slice(0, 5);
  return { ...head, lines: lines.map(([k, v]) => ({ label: t(`fact.${k}`, k), value: plain(v) })) };
}

function own(head: Head, tile: Tile<BoardOwn>, t: TFunction): Thing {
  if (isUnknown(tile)) return unknown(head, tile, t);
  const shown = tile.addresses.slice(0, 1);
  const rest = tile.open - shown.length;
  return {
    ...head,
    figure: num(tile.open),
    unit: t("board.ownOpen"),
    tone: tile.open > 0 ? "failed" : "",
    lines: [
      {
        label: t(tile.month ? "board.ownMonth" : "board.ownList"),
        value: tile.month ? monthShown(tile.month) : tile.list,
      },
      { label: t("board.ownChecked"), at: tile.checked },
      ...(shown.length > 0
        ? [
            {
              label: t("board.ownWhich"),
              value: shown.join(", ") + (rest > 0 ? ` +${num(rest)}` : ""),
              tone: "failed" as const,
              mono: true,
            },
          ]
        : []),
    ],
  };
}

/* "tcp 127.0.0.1:514": the kind in words, the address as it is. */
export function doorName(subject: string, t: TFunction): string {
  const [kind = "", address] = subject.split(" ");
  return [t(`sources.kind.${kind}`, kind), address].filter(Boolean).join(" ");
}

function sources(head: Head, tile: Tile<BoardSources>, t: TFunction): Thing {
  if (isUnknown(tile)) return unknown(head, tile, t);
  const quiet = tile.silent ?? [];
  const control = tile.last_control;
  const lost = tile.doors?.failed ?? [];
  const open = tile.unproved ?? [];
  const off = tile.off ?? 0;
  const more = quiet.length > 1 ? ` ${t("board.silentMore", { n: num(quiet.length - 1) })}` : "";
  const asked = tile.required > 0;
  return {
    ...head,
    figure: asked ? num(tile.alive) : "–",
    of: asked ? num(tile.required - off) : "?",
    unit: t(asked ? "board.sourcesAlive" : "board.noneRequired"),
    tone: !asked ? "unknown" : tile.alive < tile.required - off ? "failed" : "",
    next: t(asked ? "board.next.sources" : "board.next.require"),
    lines: [
      {
        label: t("board.silent"),
        value: quiet[0] ? `${quiet[0]}${more}` : t("board.silentNone"),
        tone: quiet.length > 0 ? "unknown" : "",
      },
      {
        label: t("board.lastControl"),
        value: control
          ? `${clockTime(control.at, false)} ${t(control.passed ? "board.passed" : "board.notPassed")}`
          : t("board.never"),
        tone: control?.passed === false ? "failed" : control ? "" : "unknown",
      },
      ...(lost.length > 0
        ? [{ label: t("board.doorsLost"), value: lost.map((x) => doorName(x, t)).join(", "), tone: "failed" as const }]
        : []),
      ...(open.length > 0 ? [{ label: t("board.unproved"), value: num(open.length), tone: "unknown" as const }] : []),
      { label: t("board.dropped"), value: num(tile.dropped_today), tone: tile.dropped_today > 0 ? "failed" : "" },
      { label: t("board.unparsed"), value: num(tile.unparsed_today) },
    ],
  };
}

/* Unknown until somebody asked for one, red once it was and is not heard; the tile then leads to what to do. */
function witness(tile: BoardSelf, t: TFunction): Line {
  const w = tile.witness;
  const label = t("board.witness");
  if (!w || w.state === "none") return { label, value: t("board.never"), tone: "unknown" };
  if (w.state === "asked") return { label, value: t("board.witnessAsked"), tone: "failed" };
  const of = w.of > 1 ? `${num(w.heard)}/${num(w.of)}, ` : "";
  const old = of + t("board.old", { t: span(w.age_s ?? 0) });
  if (w.state === "heard") return { label, value: old };
  return { label, value: t("board.witnessSilent", { t: old }), tone: "failed" };
}

/* Days until HTTPS ends; the own CA's is renewed 30 days before, so fewer left means that this failed. */
function certificate(tile: BoardSelf, t: TFunction): Line | null {
  const c = tile.certificate;
  if (!c) return null;
  const bad = c.days_left < (c.own ? 25 : 30);
  const value =
    c.days_left < 0 ? t("certificate.ended", { n: num(-c.days_left) }) : t("certificate.left", { n: num(c.days_left) });
  return {
    label: t("board.certificate"),
    value: bad ? `${value}: ${t(c.own ? "board.certificateOwn" : "certificate.replace")}` : value,
    tone: bad ? "failed" : "",
  };
}

/* what grows so slowly is not worth a number: nobody knows the disk of the year after next */
const YEARS_10 = 3650;

/* What correlations might have found in what they let go was not looked for. */
function evicted(tile: BoardSelf, t: TFunction): Line[] {
  const groups = tile.rules?.evicted_groups ?? 0;
  const matches = tile.rules?.evicted_matches ?? 0;
  if (groups + matches === 0) return [];
  const value = t("board.evictedOf", { n: num(groups), m: num(matches) });
  return [{ label: t("board.evicted"), value, tone: "failed" }];
}

/* Days that may not go, and days that went. */
function daysOfStore({ held, removed }: BoardSelf, t: TFunction): Line[] {
  const lines: Line[] = [];
  if (held && held.days > 0)
    lines.push({ label: t("board.held"), value: t("board.heldDays", { n: num(held.days), m: num(held.holds) }) });
  if (removed)
    lines.push({
      label: t("board.removed"),
      value: t("board.removedLast", {
        n: num(removed.days),
        day: removed.last,
        why: t(`board.removedWhy.${removed.why}`, { defaultValue: removed.why }),
      }),
      tone: removed.why === "age" ? "" : "failed",
    });
  return lines;
}

function self(head: Head, tile: Tile<BoardSelf>, t: TFunction): Thing {
  if (isUnknown(tile)) return unknown(head, tile, t);
  const { rules, sandbox, blind_minutes_today: blind, disk_days: days } = tile;
  const age = (label: string, s: number | null): Line =>
    s === null
      ? { label: t(label), value: t("board.never"), tone: "unknown" }
      : { label: t(label), value: t("board.old", { t: span(s) }) };
  const lines: Line[] = [
    {
      label: t(days === null ? "board.diskFree" : "board.disk"),
      value: days === null ? bytes(tile.disk_free_bytes) : days > YEARS_10 ? t("board.diskYears") : span(days * 86400),
      tone: days !== null && days < 7 ? "failed" : "",
    },
    age("board.backup", tile.backup_age_s),
    witness(tile, t),
    {
      label: t("board.canFire"),
      value: rules ? `${num(rules.can_fire)}/${num(rules.loaded)}` : "–",
      tone: !rules || rules.can_fire === 0 ? "unknown" : "",
    },
  ];
  lines.push(...evicted(tile, t));
  for (const r of tile.restarts)
    lines.push({
      label: t("board.restarts", { p: r.process }),
      value: t(r.state === "running" ? "board.restartsLast" : "board.restartsFail", {
        n: num(r.count),
        t: clockTime(r.last_at, false),
        how: r.how,
      }),
      tone: r.state === "running" ? "" : "failed",
    });
  const shown = certificate(tile, t);
  if (shown) lines.push(shown);
  if (tile.aside_24h) lines.push({ label: t("board.aside"), value: num(tile.aside_24h), tone: "failed" });
  lines.push(...daysOfStore(tile, t));
  const last = tile.blind_last;
  const unhunted = tile.blind_unhunted ?? 0;
  if (last)
    lines.unshift({
      label: t(`board.blindWhy.${last.reason}`, last.reason),
      value: clockTime(last.at, false) + (unhunted > 0 ? `, ${t("board.blindUnhunted", { n: num(unhunted) })}` : ""),
      tone: unhunted > 0 ? "failed" : "",
    });
  if (sandbox && sandbox.landlock_abi <= 0)
    lines.push({ label: t("board.sandbox"), value: t("board.sandboxNone"), tone: "unknown" });
  const w = tile.witness?.state ?? "none";
  return {
    ...head,
    next: w === "heard" ? head.next : t(`board.next.witness.${w}`),
    figure: num(blind),
    unit: t("board.blind"),
    tone: blind === null ? "unknown" : blind > 0 ? "failed" : "",
    lines,
  };
}

/* Who watches and how he is reached; an empty post is the worst there is. */
function duty(head: Head, tile: Tile<BoardDuty>, t: TFunction): Thing {
  if (isUnknown(tile)) return { ...unknown(head, tile, t), next: t("board.next.duty") };
  /* whoever watches first; the tile holds two */
  const people = [...tile.now].sort((a, b) => Number(b.post === "watch") - Number(a.post === "watch"));
  const lines: Line[] = people.slice(0, 2).map((p) => ({
    label: p.name,
    value: p.phone ?? t("duty.noPhone"),
    tone: p.phone ? "" : "unknown",
    mono: p.phone !== null,
  }));
  if (!tile.covered) lines.unshift({ label: t("duty.empty"), tone: "failed" });
  if (tile.next)
    lines.push({
      label: `${t("board.handover")} ${clockTime(tile.next.at, false)}`,
      value: tile.next.names.join(", ") || t("duty.nobody"),
      tone: tile.next.names.length > 0 ? "" : "unknown",
    });
  if (tile.gap) lines.push({ label: t("board.gap"), value: dateTime(tile.gap.from), tone: "unknown" });
  return { ...head, tone: tile.covered ? "" : "failed", lines };
}

/* a notice that waits longer than this wakes nobody */
const STUCK_S = 600;

/* Whether what is told reaches anybody. It bears no number: the twelve are what is watched, this is how one hears. */
export function notices(b: Board, t: TFunction): Thing {
  const head: Head = {
    no: 0,
    key: "notices",
    title: t("board.notices"),
    href: href(["notices"]),
    next: t("board.next.notices"),
  };
  const tile: Tile<BoardNotices> = b.notices;
  if (isUnknown(tile)) return unknown(head, tile, t);
  const stuck = tile.oldest_s !== null && tile.oldest_s > STUCK_S;
  const lost = tile.given_up_24h;
  const old = tile.oldest_s === null ? "" : ` (${span(tile.oldest_s)})`;
  return {
    ...head,
    tone: lost > 0 || stuck ? "failed" : "",
    lines: [
      { label: t("board.noticesLost"), value: num(lost), tone: lost > 0 ? "failed" : "" },
      { label: t("board.noticesWaiting"), value: num(tile.waiting) + old, tone: stuck ? "failed" : "" },
      ...(tile.held > 0 ? [{ label: t("board.noticesHeld"), value: num(tile.held) }] : []),
      { label: t("board.noticesSent"), value: num(tile.sent_24h) },
      ...(tile.last ? [{ label: t("board.noticesLast"), at: tile.last.at }] : []),
      ...(tile.mail_depends ? [{ label: t("board.noticesDepend"), tone: "unknown" as const }] : []),
    ],
  };
}

/* The nine things that are tiles on every face; measures, tasks and alerts have a form of their own. */
export function things(b: Board, t: TFunction): Thing[] {
  const at = (no: number, key: string, measure: string): Head => ({
    no,
    key,
    title: t(`board.${key}`),
    href: href(["board", "measure", measure]),
    next: t("board.next.measure", { id: measure }),
  });
  const to = (no: number, key: string, page: string): Head => ({
    no,
    key,
    title: t(`board.${key}`),
    href: href([page]),
    next: t(`board.next.${page}`),
  });
  return [
    duty(to(1, "duty", "duty"), b.duty, t),
    open(at(5, "machines", "1.c"), b.machines, t),
    own(to(6, "own", "lists"), b.own_addresses, t),
    open(at(7, "letters", "1.d"), b.letters, t),
    sources(to(8, "sources", "sources"), b.sources, t),
    self(at(9, "self", "1.b"), b.self, t),
    open(at(10, "links", "1.e"), b.links, t),
    open(at(11, "incidents", "1.đ"), b.incidents, t),
    open(at(12, "people", "1.g"), b.people, t),
  ];
}
