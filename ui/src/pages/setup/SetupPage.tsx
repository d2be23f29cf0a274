/* SPDX-License-Identifier: Apache-2.0 */
/* The first run, step by step. Nothing here is kept by the page: a step is done when what it asks for stands, so
   each can be left and taken up again. */
import { useEffect, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSetup } from "../../api/hooks";
import type { SetupId, SetupStep } from "../../api/types";
import { may, useSession } from "../../app/session";
import { go, href, useRoute } from "../../lib/route";
import { Icon } from "../../ui/Icon";
import { ErrorNote, Skeleton } from "../../ui/States";
import { DutyStep } from "./DutyStep";
import { DrillStep, ListsStep, UnitStep } from "./Steps";
import { SourceStep } from "./SourceStep";
import "./setup.css";

const BODY: Partial<Record<SetupId, () => ReactElement>> = {
  unit: UnitStep,
  sources: SourceStep,
  lists: ListsStep,
  duty: DutyStep,
  drill: DrillStep,
};

export function stepWord(t: (key: string, o?: Record<string, unknown>) => string, s: SetupStep): string {
  return s.done ? t(`setup.done.${s.id}`, { n: s.n }) : t(`setup.missing.${s.missing ?? s.id}`);
}

function StepLink({ s, n, current }: { s: SetupStep; n: number; current: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className={`${s.done ? "done" : ""} ${current ? "cur" : ""}`}>
      <a href={href(["setup", s.id])} aria-current={current ? "step" : undefined}>
        <i aria-hidden="true">{s.done ? <Icon name="check" /> : n}</i>
        <span>
          <b>{t(`setup.step.${s.id}`)}</b>
          <small>{stepWord(t, s)}</small>
          <span className="sr-only">{t(s.done ? "setup.isDone" : "setup.isOpen")}</span>
        </span>
      </a>
    </li>
  );
}

function Foot({ steps, at }: { steps: SetupStep[]; at: number }): ReactElement {
  const { t } = useTranslation();
  const before = steps[at - 1];
  const after = steps[at + 1];
  const now = steps[at];
  const open = steps.filter((s) => !s.done).length;
  return (
    <footer className="setup-foot">
      {before && (
        <a className="btn quiet" href={href(["setup", before.id])}>
          <Icon name="back" />
          {t("act.back")}
        </a>
      )}
      <span className="grow" />
      <span className="faint small setup-left">{t(open > 0 ? "setup.left" : "setup.all", { n: open })}</span>
      <a className={now?.done ? "btn primary" : "btn"} href={after ? href(["setup", after.id]) : href(["board"])}>
        {t(after ? (now?.done ? "act.next" : "setup.later") : "setup.toBoard")}
        <Icon name="arrow" />
      </a>
    </footer>
  );
}

export default function SetupPage(): ReactElement {
  const { t } = useTranslation();
  const { path } = useRoute();
  const { user } = useSession();
  const setup = useSetup();
  const all = setup.data?.items ?? [];
  const next = all.find((s) => !s.done) ?? all[0];
  const bare = !all.some((s) => s.id === path[1]);
  /* a step is stayed at until it is left, also when it is done meanwhile */
  useEffect(() => {
    if (bare && next) go(["setup", next.id], {}, true);
  }, [bare, next]);
  if (setup.isPending) return <Skeleton />;
  if (!setup.data) return <ErrorNote error={setup.error} what={t("error.load")} retry={() => void setup.refetch()} />;
  const steps = setup.data.items;
  const at = steps.findIndex((s) => s.id === path[1]);
  const step = steps[at];
  const Body = step ? BODY[step.id] : undefined;
  return (
    <div className="setup">
      <nav className="setup-steps" aria-label={t("title.setup")}>
        <ol>
          {steps.map((s, i) => (
            <StepLink key={s.id} s={s} n={i + 1} current={i === at} />
          ))}
        </ol>
        <p className="note setup-note">{t("setup.leave")}</p>
      </nav>
      <section className="setup-work" aria-label={step ? t(`setup.step.${step.id}`) : ""}>
        {step && (
          <header>
            <h2>{t(`setup.head.${step.id}`)}</h2>
            <p>{t(`setup.about.${step.id}`)}</p>
          </header>
        )}
        {!may.lead(user.role) && <div className="note">{t("settings.readOnly")}</div>}
        {Body && <Body />}
      </section>
      <Foot steps={steps} at={at} />
    </div>
  );
}
