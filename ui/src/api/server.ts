/* SPDX-License-Identifier: Apache-2.0 */
/* What the API tells of the server itself: its certificate, its settings file. */
export interface Certificate {
  https: boolean;
  own: boolean;
  loopback: boolean;
  port: number;
  /* of the own CA; of a given certificate, its own; "" without HTTPS */
  fingerprint: string;
  begins_at?: string;
  expires_at?: string;
  days_left?: number;
  names?: string[];
}
export interface ReloadOutcome {
  ok: boolean;
  file: string;
  changed: string[];
  restart: string[];
  watch_anew: boolean;
  mistakes: { line: number | null; reason: string }[];
}
export interface ReloadLast {
  last: { at: string; by: string; outcome: ReloadOutcome } | null;
}
