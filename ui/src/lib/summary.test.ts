/* SPDX-License-Identifier: Apache-2.0 */
import { beforeEach, describe, expect, it } from "vitest";
import type { LogEvent } from "../api/types";
import { rememberLang } from "../i18n/lang";
import { rowText, summary } from "./summary";

const event = (fields: LogEvent["fields"], raw = "raw line"): LogEvent => ({
  id: "1",
  time: "2026-11-22T00:00:00Z",
  received: "2026-11-22T00:00:00Z",
  source: { id: "1", name: "s" },
  seq: 1,
  format: "json",
  raw,
  fields,
});
beforeEach(() => rememberLang("vi"));

describe("an event in one line", () => {
  it.each<[string, LogEvent["fields"], string]>([
    [
      "a web request",
      {
        "http.request.method": "GET",
        "url.path": "/a.jsp",
        "url.query": "c=ls",
        "http.response.status_code": 200,
        "source.ip": "192.0.2.1",
      },
      "GET /a.jsp?c=ls 200",
    ],
    [
      "a command and what started it",
      { "process.command_line": "vssadmin delete shadows", "process.parent.executable": "C:\\Windows\\cmd.exe" },
      "vssadmin delete shadows ← cmd.exe",
    ],
    [
      "a connection",
      {
        "source.ip": "10.0.0.1",
        "destination.ip": "203.0.113.7",
        "destination.port": "443",
        "event.action": "accept",
        "network.protocol": "HTTPS",
        "source.bytes": "2246",
      },
      "accept HTTPS → 203.0.113.7:443 · 2.246 B",
    ],
    ["a name that was asked for", { "dns.question.name": "c2.example.com" }, "DNS c2.example.com"],
    ["what anti-malware found", { "threat.name": "EICAR", "file.path": "C:\\x.exe", message: "m" }, "EICAR C:\\x.exe"],
    [
      "a Windows event without its words",
      { "winlog.channel": "Security", "event.code": "4624", "user.name": "an", "source.ip": "192.0.2.7" },
      "Security 4624 · an ← 192.0.2.7",
    ],
    [
      "a Windows event",
      { "winlog.channel": "Security", "event.code": "4625", message: "An account failed\nmore", "user.name": "an" },
      "4625 An account failed · an",
    ],
    ["a sentence", { message: "Accepted password for root" }, "Accepted password for root"],
    ["several values", { "dns.question.name": ["a.vn", "b.vn"] }, "DNS a.vn"],
    ["nothing that is known", { x: 1 }, "raw line"],
  ])("%s", (_, fields, want) => expect(summary(event(fields))).toBe(want));
});

describe("a row of a search", () => {
  const e = event({ message: "Đăng nhập sai" }, `{"pad":"${"x".repeat(60)}","secret":"kim"}`);
  it("is the summary while it holds the words", () => expect(rowText(e, ["dang"])).toBe("Đăng nhập sai"));
  it("is cut from the raw line where only that holds them", () =>
    expect(rowText(e, ["KIM"])).toBe(`…${e.raw.slice(e.raw.indexOf("kim") - 40)}`));
  it("stays the summary when nothing holds them", () => expect(rowText(e, ["zzz"])).toBe("Đăng nhập sai"));
});
