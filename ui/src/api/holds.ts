/* SPDX-License-Identifier: Apache-2.0 */
/* days of the store that must not leave it */
export interface Hold {
  id: string;
  day: string;
  last: string;
  days: number;
  gone: number;
  reason: string;
  case: string;
  until: string | null;
  in_force: boolean;
  placed: string;
  placed_by: string;
  released: string | null;
  released_by: string | null;
  released_why: string | null;
}
export interface HoldPlaced extends Hold {
  told: boolean;
}
