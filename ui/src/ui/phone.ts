/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the page stands on a phone; apart from the tables, which the first view does without. */
import { useMediaQuery } from "@mantine/hooks";

const PHONE = "(max-width: 760px)";
export const usePhone = (): boolean => useMediaQuery(PHONE, window.matchMedia(PHONE).matches) ?? false;
