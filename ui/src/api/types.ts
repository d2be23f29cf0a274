/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of /api/v1 as docs/openapi.yaml gives them. Times are RFC 3339 UTC text. */

import type { BoardDuty, BoardNotices } from "./typesDuty";

export type * from "./typesDuty";
export type * from "./typesSetup";

export interface Both {
  vi: string;
  en: string;
}
export type Role = "source" | "viewer" | "analyst" | "lead" | "auditor" | "admin";
export type Lang = "vi" | "en";

export interface Page<T> {
  items: T[];
  next: string | null;
}

/* Where something belongs, or a role is held: ids. */
export interface Place {
  unit: string;
  site: string | null;
}
export interface Unit {
  id: string;
  parent: string | null;
  name: string;
  own: boolean;
  sites: { id: string; name: string }[];
}
export interface Session {
  /* whole: the role is held for everything */
  user: Place & { id: string; name: string; display_name: string; role: Role; lang: Lang | null; whole: boolean };
  expires: string;
}
export interface Health {
  status: "ok" | "degraded";
  version: string;
  ready: boolean;
  processes: Record<string, string>;
  setup: boolean;
  simulated: boolean;
}
export interface Invite {
  name: string | null;
  display_name?: string;
  role: Role;
  first: boolean;
}
export interface TotpSeed {
  totp_secret: string;
  totp_uri: string;
}
export interface OwnSession {
  id: string;
  created: string;
  last_seen: string;
  address: string;
  agent: string;
  current: boolean;
}
export interface User extends Place {
  id: string;
  name: string;
  display_name: string;
  role: Role;
  created: string;
  last_seen: string | null;
  disabled: boolean;
  totp: boolean;
}
export interface Token extends Place {
  id: string;
  name: string;
  role: Role;
  created: string;
  last_used: string | null;
  created_by: string | null;
  token?: string;
}
export type UnitKind = "" | "agency" | "provider" | "both";
export interface Settings {
  unit_name: string;
  unit_kind: UnitKind;
  public_ranges: string[];
  inside_ranges: string[];
  nat_pools: string[];
}

export type SourceState = "live" | "silent" | "lost_control" | "never" | "off" | "unknown";
export type SourceClass = "server" | "workstation" | "appliance" | "unknown";
export type Proof = "passed" | "failed" | "unknown";
export interface Tried {
  last_passed: string | null;
  last_failed: string | null;
}
/* passed only when every part of the way was proved */
export interface SourceControl extends Tried {
  state: Proof;
  reason: Both | null;
  next: Both | null;
  door: Tried | null;
  heartbeat: Tried | null;
}
/* A control test of the rules or of one door. */
export interface Control extends Tried {
  kind: "rules" | "door";
  subject: string;
  state: Proof;
  reason: Both | null;
  next: Both | null;
  last_sent: string | null;
}
export interface Exercises {
  scenarios: { id: string; title: Both }[];
  running: boolean;
  last: {
    id: string;
    scenario: string;
    title: Both;
    begun: string | null;
    ended: string | null;
    played: boolean;
    events: number;
    expected: { title: Both; found: boolean }[];
  } | null;
}
export interface ControlPage extends Page<Control> {
  policy_fault: { file: string; line: number; reason: Both } | null;
}
export interface Source extends Place {
  id: string;
  name: string;
  kind: string;
  peer: string | null;
  class: SourceClass;
  received: number;
  stored: number;
  pending: number;
  dropped: Record<string, number>;
  unparsed: number;
  formats: Record<string, number>;
  hosts: number;
  first_seen: string | null;
  last_seen: string | null;
  lag_ms: number | null;
  /* who says the class: a person, or its records */
  class_from?: "user" | "records" | null;
  state: SourceState;
  reason?: Both | null;
  next?: Both | null;
  /* how long it may be quiet; null: it is not expected to send again */
  silence?: { quiet_s: number; working_hours: boolean } | null;
  off_until?: string | null;
  off_reason?: string | null;
  control: SourceControl | null;
  acknowledged_delivery: boolean;
  required?: boolean;
  /* stands for several senders that were too many to count apart */
  overflow?: boolean;
  /* connections that broke with the process that read them; null for doors that lose nothing so */
  gaps: { count: number; bytes: number; items: SourceGap[] } | null;
}
export interface SourceGap {
  from: string;
  to: string;
  /* at most so many had arrived and are not stored */
  bytes: number;
  connections: number;
  reason: "restart" | "stop";
}
/* A record that ended the process that read it, or held it up. */
export interface AsideRecord {
  id: string;
  at: string;
  source: string;
  bytes: number;
  kept: number;
  reason: "crash" | "stall";
  how: string;
}
export interface AsideDetail extends AsideRecord {
  beginning: string | null;
}

export type FieldValue = string | number | boolean | null;
export interface LogEvent {
  id: string;
  time: string;
  received: string;
  source: { id: string; name: string };
  seq: number;
  format: string;
  raw: string;
  fields: Record<string, FieldValue | FieldValue[]>;
}
export interface Coverage {
  from: string | null;
  to: string | null;
  blocks?: number;
  events_scanned?: number;
  days?: string[];
  missing?: { day: string; reason: Both | string }[];
  damaged?: { day: string; block?: number; reason: Both | string }[];
}
export interface EventPage extends Page<LogEvent> {
  coverage?: Coverage;
}
export interface Histogram {
  /* null: nothing is stored yet */
  from: string | null;
  to: string | null;
  width_s: number;
  counts: number[];
  coverage?: Coverage;
}

export type AlertState = "new" | "acknowledged" | "verified_true" | "verified_false" | "handled";
export type Severity = "critical" | "high" | "medium" | "low" | "informational";
export interface ClockValue {
  due: string | null;
  done: string | null;
  overdue: boolean;
}
export interface Indicator {
  value: string;
  type: string;
  list: { id: string; name: string; kind: ListKind; letter: string | null };
}
export interface Alert extends Place {
  id: string;
  number: string | number;
  state: AlertState;
  severity: Severity;
  title: Both;
  rule: { id: string; title: string; level: string; kind: string } | null;
  tags: string[];
  matched: string | null;
  indicator: Indicator | null;
  count: number;
  hosts: string[];
  addresses: string[];
  first_seen: string;
  last_seen: string;
  exercise: boolean;
  channel: string;
  assignee: { id: string; name: string } | null;
  /* when the alert was made: its clocks run from here */
  opened?: string;
  verdict?: "true" | "false" | null;
  description?: string | null;
  clocks: { acknowledge?: ClockValue | null; handle?: ClockValue | null };
  event: LogEvent | null;
}
export interface Guide {
  what: Both | string;
  why: Both | string | null;
  check: (Both | string)[];
  act: (Both | string)[];
  call: Both | string | (Both | string)[] | null;
}
export interface HistoryEntry {
  at: string;
  actor: string;
  act: string;
  detail: string | Record<string, unknown> | null;
  ledger: number | null;
}
export interface ExceptionProposal {
  rule: string;
  fields: Record<string, string>;
  would_hide: number;
}
export interface AlertDetail extends Alert {
  guide: Guide | null;
  history: HistoryEntry[];
  events: LogEvent[];
  exception: ExceptionProposal | null;
  verdict_reason?: string | null;
  verdict_action?: string | null;
  etag?: string;
}
export interface AlertPage extends Page<Alert> {
  counts?: { state?: Partial<Record<AlertState, number>>; severity?: Partial<Record<Severity, number>> };
}
export interface AlertPatch {
  state?: AlertState;
  assignee?: string | null;
  comment?: string;
  verdict?: "true" | "false";
  reason?: string;
  action?: string;
  /* takes back one's own last step; comes alone */
  undo?: true;
}
export interface BulkResult {
  done: string[];
  failed: { id: string; code: string }[];
}
export interface ExceptionItem {
  id: string;
  rule: string;
  fields: Record<string, string>;
  reason: string;
  expires: string | null;
  created?: string;
  /* how often it hid something, and whether it still holds */
  hidden?: number;
  active?: boolean;
}

export type ListKind = "infected" | "c2" | "attacker" | "phishing" | "known-good" | "unknown";
export interface BadLine {
  line: number;
  reason: Both | string;
}
export interface IndicatorList {
  id: string;
  name: string;
  kind: ListKind;
  letter: string | null;
  issuer: string | null;
  month: string | null;
  valid_from: string | null;
  valid_until: string | null;
  tlp: string | null;
  sha256: string;
  entries: number;
  bad_lines: number;
  types: Record<string, number>;
  imported_at: string;
  imported_by: string | null;
  hits: number;
  bad?: BadLine[];
  fault?: { reason: string; kept: boolean } | null;
}
export type ColumnGuess =
  | "ip"
  | "domain"
  | "url"
  | "hash"
  | "email"
  | "file"
  | "indicator"
  | "note"
  | "time"
  | "number"
  | "valid_from"
  | "valid_until"
  | "ignore";
export interface ListPreview {
  delimiter: string | null;
  header: boolean;
  columns: { n: number; header: string | null; guess: ColumnGuess; samples: string[] }[];
  rows: number;
  /* bad holds the first hundred of them */
  bad_lines?: number;
  types: Record<string, number>;
  bad: BadLine[];
  sample: { line: number; value: string; type: string }[];
}

export interface Rule {
  /* null where a refused file told none */
  id: string | null;
  title: string | null;
  title_vi: string | null;
  level: Severity | null;
  status: "loaded" | "refused";
  reason: Both | string | null;
  file: string;
  line: number | null;
  logsource: string | Record<string, string> | null;
  can_fire: boolean;
  last_seen_source: string | null;
  alerts_24h: number;
  origin: "shipped" | "imported";
  tags: string[];
}
export interface RulePage extends Page<Rule> {
  counts?: {
    loaded: number;
    refused: number;
    can_fire: number;
    evicted_groups?: number;
    evicted_matches?: number;
    late_matches?: number;
    unlooked_windows?: number;
  };
}
export interface RulesImport {
  loaded: number;
  refused: { file: string; line: number | null; reason: Both | string }[];
}

export interface RuleImport {
  id: string;
  name: string;
  imported: string;
  bytes: number;
}

export type MeasureState = "met" | "failed" | "unknown" | "attested" | "not_applicable";
export interface Evidence {
  metric: string;
  title: Both;
  unit: Both | string | null;
  value: number | string | null;
  is: string | null;
  state: MeasureState;
  reason: Both | null;
  n: number | null;
  of: number | null;
  of_source: Both | string | null;
  age_s: number | null;
  fresh_s: number | null;
  ledger: number[];
  /* what would make it known or met, and the page to do it on */
  todo?: { text: Both; link: string } | null;
}
export interface Measure {
  id: string;
  text: Both;
  /* its name in a few words */
  brief: Both;
  binds: string[];
  state: MeasureState;
  reason: Both | null;
  n: number | null;
  of: number | null;
  age_s: number | null;
  /* since when it is in this state, and when it was last evaluated */
  since?: string | null;
  checked?: string | null;
  ledger?: number | null;
  attestation?: { statement: string; by: string; at: string; expires: string; ledger?: number | null } | null;
  evidence?: Evidence[];
}
export interface Contact {
  name: string | Both;
  phone: string | null;
  hotline?: string | null;
  email: string | null;
  verified_on: string | null;
  dialable: boolean;
  note: string | Both | null;
}
export interface Directive {
  id: string;
  number: string;
  symbol: string;
  issuer: string | Both;
  issued: string | null;
  subject: Both | string;
  slip: Record<string, unknown> | null;
  letters: unknown[];
  contacts: Contact[];
  measures: Measure[];
}

export interface UnknownTile {
  state: "unknown";
  reason: Both;
}
/* One state, unbroken; between two spells nothing is known. */
export interface Spell {
  from: string;
  to: string;
  state: MeasureState;
  reason: Both;
}
export interface DirectiveHistory {
  from: string;
  to: string;
  /* first: the first look ever; what lies after it and in no spell is unknown */
  measures: { id: string; first?: string | null; spells: Spell[] }[];
}
export interface BoardTask {
  title: Both;
  why: Both | null;
  owner: string | null;
  due: string | null;
  link: string | null;
}
export interface BoardMeasures {
  directive: string | { id: string; number?: string; symbol?: string };
  counts: Partial<Record<MeasureState, number>>;
  items: Measure[];
}
export interface BoardAlerts {
  open: number;
  overdue: number;
  by_severity: Partial<Record<Severity, number>>;
  oldest: { id: string; due: string; title: Both; severity: Severity } | null;
  control: { at: string; passed: boolean } | null;
}
export interface BoardOwn {
  list: string;
  month: string | null;
  checked: string;
  /* the first of them; `open` counts all */
  addresses: string[];
  open: number;
}
export interface BoardSources {
  alive: number;
  required: number;
  silent: string[];
  dropped_today: number;
  unparsed_today: number;
  last_control: { at: string; passed: boolean } | null;
  off?: number;
  /* required, and its way in not proved lately */
  unproved?: string[];
  doors?: { passed: number; of: number; failed: string[] };
}
export interface BoardSelf {
  blind_minutes_today: number | null;
  /* of the last seven days */
  blind_unhunted?: number | null;
  blind_last?: { at: string; reason: string } | null;
  disk_free_bytes: number | null;
  disk_days: number | null;
  backup_age_s: number | null;
  witness_age_s: number | null;
  rules: {
    can_fire: number;
    loaded: number;
    refused: number;
    evicted_groups?: number | null;
    evicted_matches?: number | null;
  } | null;
  sandbox: { landlock_abi: number; seccomp: boolean } | null;
  restarts: { process: string; state: string; count: number; last_at: string | null; how: string }[];
  aside_24h: number | null;
  /* heads of the ledger elsewhere; none: nobody ever asked for it */
  witness?: { state: "none" | "asked" | "heard" | "silent"; of: number; heard: number; age_s: number | null };
  /* of HTTPS; null: plain HTTP on this machine */
  certificate?: { own: boolean; expires_at: string; days_left: number } | null;
  /* days of the store that may not go because of a case, by so many holds; null: a role over a part sees none */
  held?: { days: number; holds: number } | null;
  /* days that retention took out of the store; the last of them */
  removed: { days: number; last: string; at: string; records: number; bytes: number; why: string } | null;
}
export type Tile<T> = T | UnknownTile;
/* A tile whose room is not built yet: unknown, or figures that the page shows as they come. */
export type OpenTile = Tile<Record<string, unknown>>;
export interface Board {
  at: string;
  unit: string | null;
  duty: Tile<BoardDuty>;
  slip: OpenTile;
  measures: Tile<BoardMeasures>;
  tasks: BoardTask[] | UnknownTile;
  alerts: Tile<BoardAlerts>;
  machines: OpenTile;
  own_addresses: Tile<BoardOwn>;
  letters: OpenTile;
  sources: Tile<BoardSources>;
  self: Tile<BoardSelf>;
  links: OpenTile;
  notices: Tile<BoardNotices>;
  incidents: OpenTile;
  people: OpenTile;
}

export interface LedgerEntry {
  n: number;
  recorded: string;
  observed: string;
  /* user:ID, token:ID or canh, as the hash covers it; the name is for people */
  actor: string;
  actor_name?: string;
  kind: string;
  subject: string | null;
  body: Record<string, unknown>;
  hash: string;
}
export interface LedgerPage extends Page<LedgerEntry> {
  /* text: the whole head on one line, as a witness keeps it */
  head?: { size: number; root: string; signed_at: string; key: string; text: string } | null;
}
