/* SPDX-License-Identifier: Apache-2.0 */
import type { rules as vi } from "../vi/rules";

export const rules: typeof vi = {
  loaded: "{{n}} loaded",
  refused: "{{n}} refused",
  canFire: "{{n}} able to fire",
  deaf: "{{n}} have no source to fire on",
  filter: "Filter the rules",
  chip: { all: "All", loaded: "Loaded", refused: "Refused" },
  col: { title: "Rule", level: "Level", status: "Status", source: "Needs", fired: "Alerts in 24 h", origin: "From" },
  status: { fire: "Able to fire", deaf: "No source", refused: "Refused" },
  origin: { shipped: "shipped with canh", imported: "imported" },
  at: "{{file}} line {{line}}",
  seen: "source seen {{t}}",
  notSeen: "this source was not seen within 7 days",
  none: "No rule matches",
  import: "Import rules",
  importHint: "One .yml file, or a .zip or .tar.gz of SigmaHQ. The file does not leave this machine.",
  imported: "{{n}} rules loaded",
  importRefused: "{{n}} rules refused",
  file: "File",
  tags: "Tags",
  reason: "Reason",
  original: "Original title",
};
