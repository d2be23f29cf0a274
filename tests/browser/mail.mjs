/* SPDX-License-Identifier: Apache-2.0 */
/* A mail server on loopback that takes every letter and keeps it. */
import { createServer } from "node:net";

export async function mailbox() {
  const mails = [];
  const server = createServer((link) => {
    let text = "";
    let letter = null;
    const say = (line) => link.write(`${line}\r\n`);
    const take = (line) => {
      if (letter !== null) {
        if (line !== ".") letter.push(line);
        else {
          mails.push(letter.join("\n"));
          letter = null;
          say("250 2.0.0 taken");
        }
      } else if (/^DATA/i.test(line)) {
        letter = [];
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        link.end();
      } else say("250 mail.example.vn");
    };
    link.on("error", () => undefined);
    link.on("data", (more) => {
      text += more;
      for (let at; (at = text.indexOf("\r\n")) >= 0; text = text.slice(at + 2))
        take(text.slice(0, at));
    });
    say("220 mail.example.vn ESMTP");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  server.unref();
  return { mails, port: server.address().port };
}
