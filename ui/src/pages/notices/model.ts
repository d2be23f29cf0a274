/* SPDX-License-Identifier: Apache-2.0 */
/* Recipients as one word each, and rules by severity, for the form. */
import type { NotifyRule, NoticeState, Recipient, Severity } from "../../api/types";
import type { MarkState } from "../../ui/Mark";

export const SEVERITIES: Severity[] = ["critical", "high", "medium", "low", "informational"];

export const wordOf = (r: Recipient): string => `${r.kind}:${r.value}`;
export function recipientOf(word: string): Recipient {
  const at = word.indexOf(":");
  return { kind: word.slice(0, at) as Recipient["kind"], value: word.slice(at + 1) };
}

/* A language that was given to an address stays with it. */
export const recipients = (words: string[], old: Recipient[]): Recipient[] =>
  words.map((w) => old.find((r) => wordOf(r) === w) ?? recipientOf(w));

export const NOBODY = (severity: Severity): NotifyRule => ({
  severity,
  mail: false,
  webhooks: [],
  to: [],
  repeat_min: 0,
  escalate_min: 0,
  escalate_to: [],
});

export const ruleOf = (rules: NotifyRule[], severity: Severity): NotifyRule => ({
  ...NOBODY(severity),
  ...rules.find((r) => r.severity === severity),
});

/* One that tells nobody is no rule. */
export const isRule = (r: NotifyRule): boolean => Boolean(r.mail) || (r.webhooks ?? []).length > 0;

export const withRule = (rules: NotifyRule[], next: NotifyRule): NotifyRule[] =>
  SEVERITIES.map((s) => (s === next.severity ? next : ruleOf(rules, s))).filter(isRule);

/* What a small unit starts from: the two highest to whoever watches, said again, then to the lead on duty. */
export const usual = (): NotifyRule[] =>
  (["critical", "high"] as const).map((severity) => ({
    severity,
    mail: true,
    webhooks: [],
    to: [{ kind: "duty", value: "watch" }],
    repeat_min: severity === "critical" ? 10 : 30,
    escalate_min: severity === "critical" ? 30 : 0,
    escalate_to: severity === "critical" ? [{ kind: "role", value: "lead" }] : [],
  }));

export const NOTICE_MARK: Record<NoticeState, MarkState> = {
  waiting: "unknown",
  held: "na",
  sending: "unknown",
  sent: "met",
  given_up: "failed",
  dropped: "na",
};
