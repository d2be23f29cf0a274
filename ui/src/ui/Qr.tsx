/* SPDX-License-Identifier: Apache-2.0 */
import type { ReactElement } from "react";
import { encode } from "uqr";

/* A QR code as one SVG path: always dark on light, whatever the theme, since cameras want it so. */
interface QrProps {
  text: string;
  label: string;
  size?: number;
  /* L where the text is long and the print is sharp */
  level?: "L" | "M";
}

export function Qr({ text, label, size = 196, level = "M" }: QrProps): ReactElement {
  const { data, size: n } = encode(text, { ecc: level, border: 3 });
  let d = "";
  data.forEach((line, y) =>
    line.forEach((dark, x) => {
      if (dark) d += `M${x} ${y}h1v1h-1z`;
    }),
  );
  return (
    <svg
      className="qr"
      width={size}
      height={size}
      viewBox={`0 0 ${n} ${n}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={n} height={n} className="qr-paper" />
      <path d={d} className="qr-ink" />
    </svg>
  );
}
