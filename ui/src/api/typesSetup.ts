/* SPDX-License-Identifier: Apache-2.0 */
/* The first run: its steps, doors, what is pasted on senders. */
import type { Both } from "./types";

export type SetupId = "unit" | "sources" | "lists" | "duty" | "drill";
export interface SetupStep {
  id: SetupId;
  done: boolean;
  /* a stable word for what it lacks */
  missing: string | null;
  n: number;
}
export type DoorKind = "http" | "udp" | "tcp" | "tls";
export interface Door {
  kind: DoorKind;
  address: string;
}
export interface Refused {
  door: "tls" | "push";
  peer: string;
  count: number;
  at: string;
  reason: Both;
}
export interface Doors {
  addresses: string[];
  items: Door[];
  secure: boolean;
  ca: string | null;
  refused: Refused[];
}
/* One way to send; its text holds blanks like {{host}}. */
export interface SnippetWay {
  door: "udp" | "tcp" | "tls" | "push" | "bulk";
  file: string | null;
  text: string;
  title: Both;
  then: Both | null;
}
export interface Snippet {
  id: string;
  formats: string[];
  title: Both;
  about: Both;
  undo: Both;
  ways: SnippetWay[];
}
