/* SPDX-License-Identifier: Apache-2.0 */
/* State and severity: shape, word and colour together, since any two may be lost. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { MeasureState, Severity } from "../api/types";

export type MarkState = "met" | "failed" | "unknown" | "attested" | "na";

const SHAPES: Record<MarkState, ReactElement> = {
  met: (
    <>
      <circle cx="8" cy="8" r="7" fill="var(--fill)" />
      <path
        d="m4.800 8.300 2.300 2.300 4.200-4.900"
        fill="none"
        stroke="var(--on-fill)"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  failed: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="var(--fill)" />
      <path
        d="m5.300 5.300 5.400 5.400m0-5.400-5.400 5.400"
        stroke="var(--on-fill)"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </>
  ),
  unknown: (
    <>
      <path
        d="M8 .8 15.200 8 8 15.200 .8 8z"
        fill="none"
        stroke="var(--fill)"
        strokeWidth="1.3"
        strokeDasharray="2.6 1.6"
      />
      <path
        d="M6.200 6.300a1.850 1.850 0 1 1 2.700 1.700c-.6.3-.9.7-.9 1.300M8 11.200v.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </>
  ),
  attested: (
    <>
      <path
        d="M3 1.500h10v9.500L8 15l-5-4z"
        fill="none"
        stroke="var(--fill)"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
      <path
        d="M5.300 8.700c.8-3 1.700-3.800 2-2.800s-.7 2.600.2 2.400 1-1.400 1.500-1.300.3 1 1.600.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinecap="round"
      />
    </>
  ),
  na: <path d="M3 8h10" stroke="var(--fill)" strokeWidth="2" strokeLinecap="round" />,
};

export const markOf = (state: MeasureState): MarkState => (state === "not_applicable" ? "na" : state);

interface MarkProps {
  state: MarkState;
  /* another word than the state's own ("Đang sống" for a met source); "" only where the caller shows a figure */
  word?: string;
}

export function Mark({ state, word }: MarkProps): ReactElement {
  const { t } = useTranslation();
  const own = t(`state.${state}`);
  const text = word ?? own;
  return (
    <span className={`mark ${state}`}>
      <svg viewBox="0 0 16 16" {...(text === "" ? { role: "img", "aria-label": own } : { "aria-hidden": true })}>
        {SHAPES[state]}
      </svg>
      {text}
    </span>
  );
}

const GRADE: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1, informational: 0 };
const BARS = [1, 4.4, 7.8, 11.2];

export function Sev({ severity }: { severity: Severity }): ReactElement {
  const { t } = useTranslation();
  const grade = GRADE[severity];
  return (
    <span className={`sev s${grade}`}>
      <svg viewBox="0 0 14 14" aria-hidden="true">
        {BARS.map((x, i) => (
          <rect
            key={x}
            x={x}
            y={10 - 3 * i}
            width="2.4"
            height={3 + 3 * i}
            rx=".6"
            fill="currentColor"
            opacity={i < grade ? 1 : 0.22}
          />
        ))}
      </svg>
      {t(`severity.${severity}`)}
    </span>
  );
}
