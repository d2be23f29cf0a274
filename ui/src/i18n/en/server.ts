/* SPDX-License-Identifier: Apache-2.0 */
import type { certificate as viCertificate, reload as viReload } from "../vi/server";

export const certificate: typeof viCertificate = {
  title: "Open the page on a phone",
  host: "This server, as the phone reaches it",
  loopback:
    "The page listens on this machine only: no phone gets there. Set listen.http in canh.yaml, say to 0.0.0.0:8443, then restart canh.",
  scan: "Scan the code with the phone's camera, or open",
  compare: "Compare the SHA-256 fingerprint on the phone with this one before you trust it:",
  trust: "Install it as a CA certificate, then open the page by that https address.",
  pem: "PEM file",
  der: "DER file",
  qr: "QR code of {{url}} with the fingerprint",
  none: "The page is served by HTTP on this machine. For a phone to reach it, put this into canh.yaml and restart canh:",
  until: "Certificate holds",
  left: "{{n}} days left",
  ended: "ended {{n}} days ago",
  renews: "canh renews it 30 days before",
  replace: "replace the files, then read the settings again",
  names: "For",
  print: "SHA-256 fingerprint",
};
export const reload: typeof viReload = {
  title: "Settings file canh.yaml",
  help: "Read again after an edit, as systemctl reload canh does: checked whole first; with a mistake in it, the settings that run stay.",
  again: "Read again",
  taken: "Last read",
  same: "Nothing changed",
  changed: "Changed at once:",
  restart: "Waits for a restart of canh:",
  watch: "The watching process was started anew to reach another folder.",
  refused: "The file has mistakes; the former settings run on",
  line: "Line {{n}}:",
};
