/* SPDX-License-Identifier: Apache-2.0 */
import type { listGuide as vi } from "../vi/guide";

export const listGuide: typeof vi = {
  c2: {
    what: "An inside machine connected to an address on a list of control servers, and the connection was allowed.",
    why: "A machine under the control of malware calls such a server for orders or to send data out.",
    check:
      "Which machine, whose, which program opened the connection?|Does it repeat regularly, does much data go out?|Do other machines call this address?",
    act: "Block this address at the firewall.|Isolate the machine from the network, do not switch it off.|Keep logs and memory as evidence before removing malware.",
    call: "Duty lead to approve blocking and isolation; the administrator of that machine.",
  },
  attacker: {
    what: "An address on a list of attackers succeeded after attempts.",
    why: "A success after many attempts suggests that an account or service was taken over.",
    check:
      "Which account or service was reached?|What did this source do afterwards?|Is it a colleague signing in from an unusual place?",
    act: "End the sessions and change the password of the account.|Block the source address.|Look again at the machines that were reached.",
    call: "Duty lead; the owner of the account; the administrator of the service.",
  },
  phishing: {
    what: "An inside machine opened an address on a phishing list, and it was allowed.",
    why: "The user may have entered a password or downloaded malware.",
    check:
      "Who opened it, from which mail or message?|Was a password entered, a file downloaded?|Who else got the same mail?",
    act: "Block this domain or address.|Change the password if it was entered.|Take back similar mails from other mailboxes.",
    call: "The user; the mail administrator; the duty lead if a password was entered.",
  },
  infected: {
    what: "A public address of the unit is on the list of infected addresses.",
    why: "Behind it at least one machine talks to a botnet.",
    check: "Which machine uses this address, by NAT and DHCP logs?|Was it swept?",
    act: "Sweep every machine behind this address within 24 hours.|Isolate machines with malware, keep evidence.|Watch the next list to close this.",
    call: "Duty lead; the network administrator to find the machine behind NAT.",
  },
  unknown: {
    what: "A log holds an indicator of a list whose kind is not known.",
    why: "Without its kind the harm cannot be told; look at direction and outcome.",
    check: "Who sent the list, with which letter?|Did the connection go out or in, was it allowed or denied?",
    act: "Ask the sender of the list for its kind.|If it went out and was allowed, work it as a control server.",
    call: "The sender of the list; the duty lead if it went out and was allowed.",
  },
};
