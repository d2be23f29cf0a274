/* SPDX-License-Identifier: Apache-2.0 */
/* Which names of the certificate a phone can use, and the fingerprint as people compare it. */

const ofThisMachine = (name: string): boolean => name === "localhost" || name === "::1" || name.startsWith("127.");

const isAddress = (name: string): boolean => /^[\d.]+$/.test(name) || name.includes(":");

/* Addresses before names, since a phone seldom knows the names of the house; where one is now stands first,
   and this machine's own names last: only it can use them. */
export function hosts(names: string[], here: string): string[] {
  const rank = (n: string): number => (ofThisMachine(n) ? 3 : n === here ? 0 : isAddress(n) ? 1 : 2);
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

/* "AB12 CD34 ..." in groups of four, to be read aloud. */
export const grouped = (hex: string): string => (hex.toUpperCase().match(/.{1,4}/g) ?? []).join(" ");
