/* SPDX-License-Identifier: Apache-2.0 */
import { spotlight } from "@mantine/spotlight";
import { lazy, Suspense, useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAlertCounts, useHealth } from "../api/hooks";
import { num } from "../lib/format";
import { href, useRoute } from "../lib/route";
import { Icon } from "../ui/Icon";
import { Empty, Skeleton } from "../ui/States";
import { usePhone } from "../ui/phone";
import { Boundary } from "./Boundary";
import { DropAnywhere } from "./DropAnywhere";
import { useLink } from "./live";
import { MoreTab } from "./MoreTab";
import { PAGES, type PageRow } from "./pages";
import { may, useSession } from "./session";
import { Simulated } from "./Simulated";
import { Rail, TopBar } from "./TopBar";

const Commands = lazy(() => import("./Commands"));
const KeyHelp = lazy(() => import("./KeyHelp"));
const MoreMenu = lazy(() => import("./MoreMenu"));

/* What nobody asks for before the page stands: the command box and the keys' page. */
function Later({ rows }: { rows: PageRow[] }): ReactElement | null {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOn(true), 300);
    const hear = (e: KeyboardEvent): void => {
      if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== "k") return;
      e.preventDefault();
      setOn(true);
      spotlight.toggle();
    };
    window.addEventListener("keydown", hear);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("keydown", hear);
    };
  }, []);
  return on ? (
    <Suspense fallback={null}>
      <Commands rows={rows} />
      <KeyHelp rows={rows} />
    </Suspense>
  ) : null;
}

function Tabs({ current, rows, open }: { current: string; rows: PageRow[]; open: number }): ReactElement {
  const { t } = useTranslation();
  const [asked, ask] = useState(false);
  const rest = rows.filter((r) => !r.phoneTab);
  const elsewhere = rest.some((r) => r.name === current);
  return (
    <nav className="tabs-bottom" aria-label={t("nav.main")}>
      {rows
        .filter((r) => r.phoneTab)
        .map((r) => (
          <a key={r.name} href={href([r.name])} aria-current={r.name === current ? "page" : undefined}>
            <Icon name={r.icon} />
            {t(`nav.${r.name}`)}
            {r.name === "alerts" && open > 0 && <b className="count">{num(open)}</b>}
          </a>
        ))}
      {asked ? (
        <Suspense fallback={<MoreTab current={elsewhere} />}>
          <MoreMenu rows={rest} current={elsewhere} />
        </Suspense>
      ) : (
        <MoreTab current={elsewhere} onClick={() => ask(true)} />
      )}
    </nav>
  );
}

/* What is wrong with the page's own sight, said at the top of every page. */
function Warnings(): ReactElement | null {
  const { t } = useTranslation();
  const link = useLink();
  const health = useHealth();
  const down = Object.entries(health.data?.processes ?? {})
    .filter(([, s]) => s !== "running")
    .map(([p, s]) => `${p} (${t(`shell.process.${s}`, { defaultValue: s })})`);
  const ready = health.data?.ready ?? true;
  if (link === "open" && health.data?.status !== "degraded") return null;
  return (
    <div className="strip-warn" role="status">
      <Icon name="warn" />
      {link === "lost"
        ? t("shell.linkLost")
        : t(ready ? "shell.degraded" : "shell.starting", { what: down.join(", ") || "canh" })}
    </div>
  );
}

export function Shell(): ReactElement {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const route = useRoute();
  const phone = usePhone();
  const counts = useAlertCounts();
  const rows = PAGES.filter((p) => p.sees(user.role));
  const name = route.path[0] ?? "board";
  const row = rows.find((p) => p.name === name);
  const Page = row?.page;
  const title = row ? t(`title.${row.name}`) : "";
  const open = counts.data?.counts?.state?.new ?? 0;
  useEffect(() => {
    document.title = title ? `${open > 0 ? `(${num(open)}) ` : ""}${title} · canh` : "canh";
  }, [title, open, i18n.language]);
  return (
    <div className={phone ? "app phone" : "app"}>
      <a
        className="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t("shell.skip")}
      </a>
      {!phone && <Rail current={name} rows={rows} open={open} />}
      <TopBar title={title} phone={phone} board={name === "board"} />
      <main id="main" tabIndex={-1} className={`page-${name}`}>
        <Warnings />
        <Boundary at={location.hash}>
          <Suspense key={name} fallback={<Skeleton />}>
            {Page ? <Page /> : <Empty title={t("error.notFound")} />}
          </Suspense>
        </Boundary>
      </main>
      {phone && <Simulated place="in-foot" />}
      {phone && <Tabs current={name} rows={rows} open={open} />}
      {may.triage(user.role) && <DropAnywhere />}
      <Later rows={rows} />
    </div>
  );
}
