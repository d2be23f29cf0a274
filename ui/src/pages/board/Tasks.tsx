/* SPDX-License-Identifier: Apache-2.0 */
/* Thing 3: what must be done now, by whom, by when. */
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Board, BoardTask } from "../../api/types";
import { both } from "../../i18n/lang";
import { useSlowNow } from "../../lib/now";
import { href } from "../../lib/route";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/States";
import { BigClock, Clock } from "../../ui/Time";
import { isUnknown, reasonOf } from "./things";
import { TileHead, UnknownCard } from "./Tile";

/* Only routes of this page are followed; whatever else a task may name is not a link. */
export function safeLink(link: string | null): string {
  if (!link) return href(["alerts"]);
  if (link.startsWith("#/")) return link;
  return link.startsWith("/#/") ? link.slice(1) : href(["alerts"]);
}

const HOUR = 3600 * 1000;
/* what burns: a clock that ends within a quarter of an hour, or has ended */
export const isHot = (task: BoardTask, now: number): boolean =>
  task.due !== null && Date.parse(task.due) - now < HOUR / 4;

function TaskRow({ task, n }: { task: BoardTask; n: number }): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  return (
    <li className={isHot(task, now) ? "hot" : ""}>
      <a href={safeLink(task.link)}>
        <span className="num">{n}</span>
        <span className="text">
          <b className={task.why ? "cut" : "clamp-2"}>{both(task.title)}</b>
          {task.why && <span className="cut">{both(task.why)}</span>}
        </span>
        <span className="cut">{task.owner || t("board.noOwner")}</span>
        {task.due ? <Clock due={task.due} /> : <span className="faint right">{t("board.noDue")}</span>}
        <Icon name="right" />
      </a>
    </li>
  );
}

export function Tasks({ tasks, shown = null }: { tasks: Board["tasks"]; shown?: string | null }): ReactElement {
  const { t } = useTranslation();
  if (isUnknown(tasks)) return <UnknownCard no={3} title={t("board.tasks")} why={reasonOf(tasks)} />;
  /* on the phone the first act already stands above */
  const rest = shown ? tasks.filter((task) => !task.link?.includes(shown)) : tasks;
  return (
    <section className="card todo" aria-label={t("board.tasks")}>
      <TileHead
        no={3}
        title={t(shown ? "board.tasksNext" : "board.tasks")}
        {...(rest.length > 0 ? { side: t("board.tasksOrder") } : {})}
      />
      {rest.length === 0 ? (
        <Empty title={t("board.tasksNone")}>{t("board.tasksNoneWhy")}</Empty>
      ) : (
        <ol>
          {rest.slice(0, 3).map((task, i) => (
            <TaskRow key={both(task.title) + String(i)} task={task} n={i + 1} />
          ))}
        </ol>
      )}
    </section>
  );
}

/* The phone's first card: the most urgent act. */
export function Urgent({ board }: { board: Board }): ReactElement | null {
  const { t } = useTranslation();
  if (isUnknown(board.alerts) || !board.alerts.oldest) return null;
  const { oldest } = board.alerts;
  const task = isUnknown(board.tasks) ? undefined : board.tasks.find((x) => x.link?.includes(oldest.id));
  return (
    <section className="urgent" aria-label={t("board.oldest")}>
      <p>{both(oldest.title)}</p>
      <span className="clamp-2">{task?.why ? both(task.why) : t("board.oldest")}</span>
      <b className="big">
        <BigClock due={oldest.due} />
      </b>
      <div className="acts">
        <a className="btn primary" href={href(["alerts", oldest.id])}>
          {t("alerts.openCard")}
        </a>
        <a className="btn" href={href(["alerts"])}>
          {t("title.alerts")}
        </a>
      </div>
    </section>
  );
}
