/* SPDX-License-Identifier: Apache-2.0 */
import type { keys as vi } from "../vi/keys";

export const keys: typeof vi = {
  title: "Keys",
  anywhere: "Everywhere",
  goto: "Go to",
  move: "down, up",
  open: "into the card",
  ack: "acknowledge",
  true: "true",
  false: "false alarm",
  handle: "handled",
  undo: "undo",
  comment: "comment",
  mine: "assign to me",
  pick: "choose several",
  filter: "filter the list",
  manual: "enter an alert by hand",
  ask: "change the query",
  help: "all keys",
  command: "search or command",
  close: "close card or box",
};
