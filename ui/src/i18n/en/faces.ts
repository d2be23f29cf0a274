/* SPDX-License-Identifier: Apache-2.0 */
import type { print as vi, wall as viWall } from "../vi/faces";

export const print: typeof vi = {
  act: "Print or save as PDF",
  hint: "One A4 page, black and white.",
  state: "SOCIALIST REPUBLIC OF VIET NAM",
  motto: "Independence - Freedom - Happiness",
  title: "WATCH BOARD OF THE SHIFT",
  at: "Figures of {{h}}:{{m}} on {{d}}",
  owner: "Who",
  measure: "Measure",
  n: "Met / required, age",
  soonest: "most urgent {{t}}",
  contacts: "Contacts that the dispatch names",
  verifyFirst: "verify before calling",
  how: "How to read. A cell is 4 hours. Low bar: met. Full bar: not met. Hatched: unknown. Outlined: attested. “Unknown” never counts as met. “?” after a denominator: perhaps not all were counted.",
  notes: "Notes for the next shift",
  head: "Ledger head, {{n}} entries",
  qr: "QR code: the ledger's head with canh's signature",
  check: "Scan it, keep it as a file, then: canh verify --witness FILE DIR",
  noSeal: "canh's signature is not an official digital signature.",
  noHead: "This account may not read the ledger; the page carries no ledger head.",
  giver: "HANDED OVER BY",
  taker: "TAKEN OVER BY",
  signHere: "(signature, full name)",
};
export const wall: typeof viWall = {
  lost: "CONNECTION TO CANH LOST",
  asOf: "The figures on this screen are of {{t}} on {{d}}, not of now",
  grave: "{{n}} high or critical",
  soonest: "Most urgent",
  noClock: "No deadline is running",
};
