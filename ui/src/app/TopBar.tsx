/* SPDX-License-Identifier: Apache-2.0 */
import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { patch, remove } from "../api/client";
import { useBoard } from "../api/hooks";
import type { Lang } from "../api/types";
import { switchLang } from "../i18n";
import { currentLang } from "../i18n/lang";
import { clockTime, date, num, weekday } from "../lib/format";
import { lunarText } from "../lib/lunar";
import { useNow } from "../lib/now";
import { go, href } from "../lib/route";
import { Btn } from "../ui/Btn";
import { Brand, Icon } from "../ui/Icon";
import type { PageRow } from "./pages";
import { useSession } from "./session";
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

export function useTheme(): () => void {
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  return () => setColorScheme(scheme === "dark" ? "light" : "dark");
}

/* The choice holds in this browser, and is told to the server so that letters and messages follow it. */
export async function chooseLang(lang: Lang, signedIn: boolean): Promise<void> {
  await switchLang(lang);
  if (signedIn) await patch("/session", { lang });
}

export const otherLang = (): Lang => (currentLang() === "vi" ? "en" : "vi");

function useLangSwitch(): () => void {
  const client = useQueryClient();
  return () => {
    /* texts that the server words (reasons, problems) come anew in the other language */
    void chooseLang(otherLang(), true).finally(() => client.invalidateQueries());
  };
}

function UserMenu({ phone }: { phone: boolean }): ReactElement {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const switchTheme = useTheme();
  const switchTo = useLangSwitch();
  const signOut = (): void => {
    void remove("/session").finally(() => {
      client.clear();
      location.hash = "#/";
      location.reload();
    });
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button
          type="button"
          className="avatar"
          data-initials={initials(user.display_name || user.name)}
          aria-label={`${t("nav.account")}: ${user.display_name || user.name}`}
        ></button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.display_name || user.name} · {t(`role.${user.role}`)}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="person" />} onClick={() => go(["account"])}>
          {t("title.account")}
        </Menu.Item>
        {phone && (
          <>
            <Menu.Item leftSection={<Icon name="globe" />} onClick={switchTo}>
              {t("shell.lang")}
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="moon" />} onClick={switchTheme}>
              {t("shell.theme")}
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="out" />} onClick={signOut}>
          {t("shell.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/* "Nguyễn Văn An" is An: the given name stands last. */
export function initials(name: string): string {
  const parts = name.trim().normalize("NFC").split(/\s+/);
  const last = parts[parts.length - 1] ?? "";
  const first = parts.length > 1 ? (parts[0] ?? "") : "";
  return ((Array.from(first)[0] ?? "") + (Array.from(last)[0] ?? "")).toUpperCase();
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
