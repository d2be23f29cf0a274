/* SPDX-License-Identifier: Apache-2.0 */
/* "Chrome 131, Windows" of what a browser calls itself; the more telling names stand first, since each also names those
   it wants to be taken for. What is no browser stays as it is. */
const BROWSERS: [RegExp, string][] = [
  [/\bEdgA?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\bFirefox\/(\d+)/, "Firefox"],
  [/Chrome\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+).*Safari/, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

export function agentName(agent: string): string {
  for (const [form, name] of BROWSERS) {
    const version = form.exec(agent)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find(([mark]) => mark.test(agent))?.[1];
    return [`${name} ${version}`, system].filter(Boolean).join(", ");
  }
  return agent;
}
