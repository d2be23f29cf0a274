/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a source's way in is proved: the door that canh tests itself, and the heartbeat of its sender. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "../../api/client";
import type { Proof as ProofState, Source, Tried } from "../../api/types";
import { may, useSession } from "../../app/session";
import { both } from "../../i18n/lang";
import { Btn } from "../../ui/Btn";
import { Mark, type MarkState } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { Ago } from "../../ui/Time";
import { toast } from "../../ui/toast";

export const PROOF: Record<ProofState, MarkState> = { passed: "met", failed: "failed", unknown: "unknown" };

function When({ of, none }: { of: Tried | null; none: string }): ReactElement {
  const { t } = useTranslation();
  if (!of) return <span className="t-unknown">{none}</span>;
  const failed = of.last_failed && (!of.last_passed || Date.parse(of.last_failed) > Date.parse(of.last_passed));
  if (!failed && !of.last_passed) return <span className="t-unknown">{t("sources.noControl")}</span>;
  return (
    <span className={failed ? "t-failed" : ""}>
      {t(failed ? "board.notPassed" : "board.passed")} <Ago at={failed ? of.last_failed : of.last_passed} />
    </span>
  );
}

/* What to put on the sender, as its system writes a record into its own log. */
export function snippets(line: string): { key: string; text: string }[] {
  return [
    { key: "beatLinux", text: `0 * * * * root logger -t canh '${line}'` },
    {
      key: "beatWindows",
      text: `schtasks /Create /TN canh-heartbeat /SC HOURLY /RU SYSTEM /TR "eventcreate /L APPLICATION /T INFORMATION /ID 100 /SO canh /D ${line}"`,
    },
    { key: "beatAny", text: line },
  ];
}

function Line({ s }: { s: Source }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/sources/${encodeURIComponent(s.id)}/heartbeat`;
  const expected = Boolean(s.control?.heartbeat);
  const again = (): void => void client.invalidateQueries({ queryKey: ["sources"] });
  const ask = useMutation({ mutationFn: () => post<{ line: string }>(path), onSuccess: again });
  const end = useMutation({
    mutationFn: () => remove(path),
    onSuccess: () => {
      ask.reset();
      toast(t("sources.beatEnded", { name: s.name }));
      again();
    },
  });
  return (
    <>
      <p className="small muted">{t("sources.beatHelp")}</p>
      {ask.data &&
        snippets(ask.data.line).map((x) => (
          <div key={x.key}>
            <span className="small strong">{t(`sources.${x.key}`)}</span>
            <pre className="data snippet">{x.text}</pre>
          </div>
        ))}
      {(ask.isError || end.isError) && <ErrorNote error={ask.error ?? end.error} />}
      <div className="row">
        {!ask.data && (
          <Btn busy={ask.isPending} onClick={() => ask.mutate()}>
            {t(expected ? "sources.beatShow" : "sources.beatAsk")}
          </Btn>
        )}
        {expected && (
          <Btn kind="quiet" busy={end.isPending} onClick={() => end.mutate()}>
            {t("sources.beatEnd")}
          </Btn>
        )}
      </div>
    </>
  );
}

export function Proof({ s }: { s: Source }): ReactElement | null {
  const { t } = useTranslation();
  const { user } = useSession();
  const c = s.control;
  if (!c) return null;
  return (
    <>
      <h4 className="section-title">{t("sources.proof")}</h4>
      <Mark state={PROOF[c.state]} word={t(`sources.proofState.${c.state}`)} />
      {c.reason && <p className="small sentence">{both(c.reason)}</p>}
      {c.next && (
        <p className="small">
          <b className="strong">{t("sources.nextTitle")}:</b> {both(c.next)}
        </p>
      )}
      <dl className="facts">
        <dt>{t("sources.door")}</dt>
        <dd>
          <When of={c.door} none={t("sources.noControl")} />
        </dd>
        <dt>{t("sources.beat")}</dt>
        <dd>
          <When of={c.heartbeat} none={t("sources.beatNone")} />
        </dd>
      </dl>
      {may.lead(user.role) && <Line key={s.id} s={s} />}
    </>
  );
}
