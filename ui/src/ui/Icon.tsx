/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";

/* 16 x 16 strokes of 1.5, drawn for canh. */
const PATHS = {
  board: (
    <>
      <rect x="2" y="2.5" width="5" height="5" rx="1" />
      <rect x="9" y="2.5" width="5" height="3" rx="1" />
      <rect x="9" y="8" width="5" height="5.5" rx="1" />
      <rect x="2" y="10" width="5" height="3.5" rx="1" />
    </>
  ),
  bell: <path d="M3.5 11.5c1-1 1-2 1-4.5a3.5 3.5 0 0 1 7 0c0 2.5 0 3.5 1 4.5zM6.5 14h3" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  sources: <path d="M2 4h12M2 8h12M2 12h12M5 2.5v3M11 6.500v3M7 10.500v3" />,
  lists: <path d="M5.500 4H14M5.500 8H14M5.500 12H14M2 4h.5M2 8h.5M2 12h.5" />,
  rules: <path d="M4 1.500h5.500l3 3v10H4zM9.500 1.500v3h3M6 8.500l1.500 1.500L10.500 7" />,
  ledger: (
    <path d="M3 2.500h8.500a1 1 0 0 1 1 1V14H4.500A1.500 1.500 0 0 1 3 12.500zM3 12.500A1.500 1.500 0 0 1 4.500 11h8M6 5h4M6 7.500h4" />
  ),
  users: (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.500 13.500c.5-2.500 2.200-4 4.500-4s4 1.500 4.500 4M10.500 3.200a2.500 2.500 0 0 1 0 4.600M12 9.800c1.300.6 2.200 1.900 2.500 3.700" />
    </>
  ),
  gear: (
    <>
      <circle cx="8" cy="8" r="2" />
      <path d="M8 1.500v2.500M8 12v2.500M1.500 8H4M12 8h2.500M3.400 3.400l1.800 1.800M10.800 10.800l1.800 1.800M12.600 3.400l-1.800 1.800M5.200 10.800l-1.800 1.800" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5" r="2.5" />
      <path d="M3 14c.4-3 2.300-4.500 5-4.500s4.600 1.500 5 4.500" />
    </>
  ),
  print: <path d="M4.500 6V2h7v4M4.500 11.500H2.500v-5.500h11v5.500h-2M4.500 9.500h7v4.500h-7z" />,
  wall: <path d="M1.500 3h13v8.500h-13zM5.500 14h5M8 11.500V14" />,
  moon: <path d="M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500z" />,
  lock: (
    <>
      <rect x="3" y="7" width="10" height="7" rx="1" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" />
    </>
  ),
  check: <path d="m3 8.500 3.500 3.500L13 4.500" />,
  plus: <path d="M8 3v10M3 8h10" />,
  x: <path d="m4 4 8 8M12 4l-8 8" />,
  warn: <path d="M8 2 1.500 13.500h13zM8 6.500v3.500M8 12v.1" />,
  phone: (
    <path d="M3 2.500h2.500l1.500 3.500-1.500 1.500a8 8 0 0 0 3 3L10 9l3.500 1.500V13c0 .5-.5 1-1 1C6.500 14 2 9.500 2 3.500c0-.5.5-1 1-1z" />
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8.5" rx="1" />
      <path d="M3 10.500H2.500v-8h7.500V3" />
    </>
  ),
  arrow: <path d="M3 8h10M9 4l4 4-4 4" />,
  back: <path d="M13 8H3M7 4 3 8l4 4" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.500V8l2.500 1.500" />
    </>
  ),
  down: <path d="m3.500 6 4.500 4.500L12.500 6" />,
  right: <path d="m6 3.500 4.500 4.500L6 12.500" />,
  more: <path d="M3.500 8h.1M8 8h.1M12.500 8h.1" strokeWidth="2.5" />,
  send: <path d="M1.500 3.500h13v9h-13zM1.500 4.500 8 9l6.500-4.500" />,
  upload: <path d="M8 10.500V2.500M4.500 6 8 2.500 11.500 6M2.500 11v2.500h11V11" />,
  out: <path d="M9.500 2.500h-6v11h6M7 8h7M11.500 5.500 14 8l-2.500 2.500" />,
  globe: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M2 8h12M8 2c2 2 2.500 4 2.500 6S10 12 8 14c-2-2-2.500-4-2.500-6S6 4 8 2z" />
    </>
  ),
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className = "ic" }: { name: IconName; className?: string }): ReactElement {
  return (
    <svg className={className} viewBox="0 0 16 16" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}

export function Brand({ size = 28 }: { size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 28 28"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <path d="M8 9.500 11 5h6l3 4.500v8L17 22h-6l-3-4.500z" strokeLinejoin="round" />
      <circle cx="14" cy="13.500" r="2.500" fill="currentColor" stroke="none" />
      <path d="M14 1.500V5M10.500 26h7M14 22v4" strokeLinecap="round" />
    </svg>
  );
}

/* The hatching that says "unknown" inside SVG, defined once for the page. */
export function Sprite(): ReactElement {
  return (
    <svg className="sprite" aria-hidden="true">
      <defs>
        <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v4" />
        </pattern>
        <pattern id="hatch-paper" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0v3" />
        </pattern>
      </defs>
    </svg>
  );
}
