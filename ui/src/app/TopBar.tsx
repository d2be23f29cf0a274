/* SPDX-License-Identifier: Apache-2.0 */
import { spotlight } from "@mantine/spotlight";
import { lazy, Suspense, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useBoard } from "../api/hooks";
import { clockTime, date, num, weekday } from "../lib/format";
import { lunarText } from "../lib/lunar";
import { useNow } from "../lib/now";
import { href } from "../lib/route";
import { Btn } from "../ui/Btn";
import { Brand, Icon } from "../ui/Icon";
import { Avatar } from "./Avatar";
import { useLangSwitch, useTheme } from "./choices";
import type { PageRow } from "./pages";
import { Simulated } from "./Simulated";

export function Rail({ current, rows, open }: { current: string; rows: PageRow[]; open: number }): ReactElement {
  const { t } = useTranslation();
  const link = (r: PageRow, className?: string): ReactElement => (
    <a key={r.name} className={className} href={href([r.name])} aria-current={r.name === current ? "page" : undefined}>
      <Icon name={r.icon} />
      {t(`nav.${r.name}`)}
      {r.name === "alerts" && open > 0 && <b className="count">{num(open)}</b>}
    </a>
  );
  return (
    <nav className="rail" aria-label={t("nav.main")}>
      <a className="brand" href={href([])} aria-label="canh">
        <Brand />
      </a>
      {rows.filter((r) => r.place === "rail").map((r) => link(r))}
      {rows.filter((r) => r.place === "end").map((r, i) => link(r, i === 0 ? "end" : undefined))}
    </nav>
  );
}

const UserDropdown = lazy(() => import("./UserDropdown"));

/* The menu behind it comes with the first click: the first view does without. */
function UserMenu({ phone }: { phone: boolean }): ReactElement {
  const [asked, ask] = useState(false);
  return asked ? (
    <Suspense fallback={<Avatar />}>
      <UserDropdown phone={phone} />
    </Suspense>
  ) : (
    <Avatar onClick={() => ask(true)} />
  );
}

function WallClock({ phone }: { phone: boolean }): ReactElement {
  const now = useNow();
  return (
    <div className="now">
      <b className="num">{clockTime(now, !phone)}</b>
      <span>
        {weekday(now)} {date(now)}
        {!phone && <span className="lunar"> · {lunarText(now)}</span>}
      </span>
    </div>
  );
}

/* The board's other faces: the sheet of paper, and the screen on the wall. */
function Faces(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <a className="btn icon" href={href(["board", "print"])} aria-label={t("shell.print")} title={t("shell.print")}>
        <Icon name="print" />
      </a>
      <a className="btn icon" href={href(["wall"])} aria-label={t("shell.wall")} title={t("shell.wall")}>
        <Icon name="wall" />
      </a>
    </>
  );
}

interface TopBarProps {
  title: string;
  phone: boolean;
  board: boolean;
}

export function TopBar({ title, phone, board: onBoard }: TopBarProps): ReactElement {
  const { t } = useTranslation();
  const board = useBoard();
  const switchTheme = useTheme();
  const switchTo = useLangSwitch();
  if (phone)
    return (
      <header className="topbar">
        <h1 className="grow cut">{title}</h1>
        <WallClock phone />
        <UserMenu phone />
      </header>
    );
  return (
    <header className="topbar">
      <h1>{title}</h1>
      <span className="unit cut">{board.data ? board.data.unit || t("shell.unit") : ""}</span>
      <Simulated place="in-bar" />
      <span className="grow" />
      <button type="button" className="field command" onClick={() => spotlight.open()}>
        <Icon name="search" />
        <span className="grow left">{t("shell.searchOrCommand")}</span>
        <kbd>Ctrl</kbd>
        <kbd>K</kbd>
      </button>
      <WallClock phone={false} />
      {onBoard && <Faces />}
      <Btn small kind="quiet" icon="globe" onClick={switchTo} data-testid="lang">
        {t("shell.lang")}
      </Btn>
      <Btn icon="moon" onClick={switchTheme} aria-label={t("shell.theme")} />
      <UserMenu phone={false} />
    </header>
  );
}
