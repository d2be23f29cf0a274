/* SPDX-License-Identifier: Apache-2.0 */
import { alerts } from "./alerts";
import { auth } from "./auth";
import { board } from "./board";
import { common } from "./common";

export const vi = { ...common, auth, board, alerts };
