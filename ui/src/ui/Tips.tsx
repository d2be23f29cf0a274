/* SPDX-License-Identifier: Apache-2.0 */
/* One tip for the whole page: whatever bears `data-tip` tells it when it is pointed at or focused. A list of a hundred
   ages then costs a hundred attributes, not a hundred floating elements. */
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from "react";

interface Tip {
  text: string;
  box: DOMRect;
}

const GAP = 6;

const tipOf = (e: Event): Tip | null => {
  const on = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-tip]") : null;
  return on?.dataset.tip ? { text: on.dataset.tip, box: on.getBoundingClientRect() } : null;
};

export function Tips(): ReactElement | null {
  const [tip, setTip] = useState<Tip | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (e: Event): void => setTip(tipOf(e));
    const hide = (): void => setTip(null);
    document.addEventListener("pointerover", show);
    document.addEventListener("focusin", show);
    document.addEventListener("scroll", hide, true);
    document.addEventListener("keydown", hide);
    return () => {
      document.removeEventListener("pointerover", show);
      document.removeEventListener("focusin", show);
      document.removeEventListener("scroll", hide, true);
      document.removeEventListener("keydown", hide);
    };
  }, []);
  /* above what it tells of, below where there is no room, never past an edge */
  useLayoutEffect(() => {
    const e = box.current;
    if (!e || !tip) return;
    const middle = tip.box.left + tip.box.width / 2 - e.offsetWidth / 2;
    const above = tip.box.top - e.offsetHeight - GAP;
    e.style.left = `${Math.max(GAP, Math.min(middle, window.innerWidth - e.offsetWidth - GAP))}px`;
    e.style.top = `${above < GAP ? tip.box.bottom + GAP : above}px`;
  }, [tip]);
  return tip ? (
    <div className="tip data" role="tooltip" ref={box}>
      {tip.text}
    </div>
  ) : null;
}
