/* SPDX-License-Identifier: Apache-2.0 */
/* One event in one line, the way a person would tell it: what was asked, run, sent or said. The raw line stays a
   click away; where the words that were searched stand only there, it is the raw line that is shown. */
import type { FieldValue, LogEvent } from "../api/types";
import { num } from "./format";
import { fold } from "./query";

type Fields = LogEvent["fields"];

function plain(v: FieldValue | FieldValue[] | undefined): string {
  const one = Array.isArray(v) ? v[0] : v;
  return one === undefined || one === null ? "" : String(one);
}

function first(f: Fields, ...names: string[]): string {
  for (const n of names) {
    const v = plain(f[n]);
    if (v !== "") return v;
  }
  return "";
}

const join = (parts: string[], by = " "): string => parts.filter(Boolean).join(by);
const firstLine = (s: string): string => (s.split("\n")[0] ?? "").trim();
const program = (path: string): string => path.split(/[\\/]/).pop() ?? path;

function web(f: Fields): string {
  const path = first(f, "url.path", "url.full");
  const method = first(f, "http.request.method");
  if (path === "" || method === "") return "";
  const query = first(f, "url.query");
  return join([method, path + (query ? `?${query}` : ""), first(f, "http.response.status_code")]);
}

function run(f: Fields): string {
  const line = first(f, "process.command_line");
  if (line === "") return "";
  const parent = program(first(f, "process.parent.executable"));
  return join([line, parent && `← ${parent}`]);
}

function flow(f: Fields): string {
  const to = first(f, "destination.ip", "destination.domain");
  if (to === "" || first(f, "source.ip") === "") return "";
  const port = first(f, "destination.port");
  const sent = Number(first(f, "source.bytes"));
  const name = first(f, "network.protocol", "network.transport");
  return join([first(f, "event.action"), name, `→ ${to}${port && `:${port}`}`, sent > 0 ? `· ${num(sent)} B` : ""]);
}

function name(f: Fields): string {
  const asked = first(f, "dns.question.name");
  return asked && join(["DNS", asked, first(f, "dns.resolved_ip")]);
}

function threat(f: Fields): string {
  const what = first(f, "threat.name");
  return what && join([what, first(f, "file.path")]);
}

/* A Windows event: its number, what it says, whom it is about. */
function said(f: Fields, raw: string): string {
  const message = firstLine(first(f, "message"));
  const code = first(f, "event.code", "winlog.event_id");
  const channel = first(f, "winlog.channel");
  const windows = channel !== "";
  const who = first(f, "user.name", "user.target.name");
  if (message === "" && windows && code !== "") {
    const from = first(f, "source.ip");
    return join([channel, code, who && `· ${who}`, from && `← ${from}`]);
  }
  if (message === "") return raw;
  return windows ? join([code, message, who && `· ${who}`]) : message;
}

export function summary(e: LogEvent): string {
  const f = e.fields;
  return threat(f) || web(f) || run(f) || name(f) || flow(f) || said(f, e.raw);
}

const BEFORE = 40;

/* What a row shows: the summary, or the raw line from a little before the first searched word that it alone holds. */
export function rowText(e: LogEvent, words: string[]): string {
  const short = summary(e);
  const here = fold(short);
  const raw = fold(e.raw);
  const missing = words.map(fold).filter((w) => !here.includes(w) && raw.includes(w));
  if (missing.length === 0) return short;
  const at = Math.min(...missing.map((w) => raw.indexOf(w)));
  const chars = Array.from(e.raw.normalize("NFC"));
  return at <= BEFORE ? e.raw : `…${chars.slice(at - BEFORE).join("")}`;
}
