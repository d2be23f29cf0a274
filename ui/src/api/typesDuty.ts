/* SPDX-License-Identifier: Apache-2.0 */
/* Duty: the roster, how people are reached, what was sent to them. */
import type { BadLine, Both, Lang, Role, Severity } from "./types";

export interface Span {
  from: string;
  to: string;
}
export type Post = "watch" | "second" | "lead";
export interface Person {
  id: string;
  user: boolean;
  name: string;
  phone: string | null;
}
export interface Shift extends Span {
  id: string;
  person: Person;
  post: Post;
  note: string | null;
  entered: string;
  late: boolean;
}
export interface Overlap extends Span {
  kind: "same_post" | "same_person";
  shifts: string[];
}
export interface Duty extends Span {
  items: Shift[];
  gaps: Span[];
  overlaps: Overlap[];
}
export interface DutyNow {
  at: string;
  kept: boolean;
  covered: boolean;
  now: Shift[];
  next: { at: string; people: Shift[] } | null;
  gaps: Span[];
}
export interface DutyImport {
  rows: number;
  kept: number;
  twice: number;
  people: string[];
  bad: BadLine[];
  shifts: (Span & { line: number; post: Post; name: string })[];
}
/* Who can be put on duty or written to. */
export interface Reached {
  id: string;
  user: boolean;
  name: string;
  role: Role | null;
  phone: string | null;
  email: string | null;
  lang: Lang;
}
export interface BoardDuty {
  covered: boolean;
  now: { name: string; post: Post; phone: string | null; until: string }[];
  next: { at: string; names: string[] } | null;
  /* the next time in which nobody watches, within 7 days */
  gap: Span | null;
}
export interface Recipient {
  kind: "duty" | "role" | "contact" | "address";
  value: string;
  lang?: Lang;
}
export interface NotifyRule {
  severity: Severity;
  mail?: boolean;
  webhooks?: string[];
  to: Recipient[];
  repeat_min?: number;
  escalate_min?: number;
  escalate_to?: Recipient[];
}
export interface Smtp {
  host: string;
  port: number;
  tls: "none" | "starttls" | "tls";
  user?: string;
  password_set?: boolean;
  password?: string;
  from: string;
  ca_pem?: string;
}
export interface Webhook {
  id?: string;
  name: string;
  url?: string;
  secret_set?: boolean;
  secret?: string;
  ca_pem?: string;
}
export interface QuietHours {
  role: Role;
  from: string;
  to: string;
}
export interface Notify {
  version: number;
  smtp: Smtp | null;
  webhooks: Webhook[];
  rules: NotifyRule[];
  quiet: QuietHours[];
  critical_always: boolean;
  exercises: boolean;
  mail_path: { depends: boolean | null; second: boolean; reasons: Both[] };
}
export type NotifyDraft = Partial<Omit<Notify, "mail_path">>;
export type NoticeState = "waiting" | "held" | "sending" | "sent" | "given_up" | "dropped";
export interface Notice {
  id: string;
  number: number;
  at: string;
  kind: "alert" | "repeat" | "ladder" | "test";
  severity: Severity | null;
  exercise: boolean;
  count: number;
  alerts: { id: string; number: number }[];
  channel: "mail" | "webhook";
  webhook: string | null;
  to: { name: string; address: string | null; contact: string | null };
  state: NoticeState;
  due: string | null;
  attempts: number;
  in_doubt: boolean;
  sent: string | null;
  receipt: string | null;
  error: string | null;
}
export interface BoardNotices {
  waiting: number;
  held: number;
  oldest_s: number | null;
  given_up_24h: number;
  sent_24h: number;
  last: { at: string; receipt: string } | null;
  /* the mail server is one that is watched, and no other channel is set */
  mail_depends: boolean | null;
}
