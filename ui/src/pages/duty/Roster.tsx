/* SPDX-License-Identifier: Apache-2.0 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "../../api/client";
import type { Duty, Shift, Span } from "../../api/types";
import { clockTime, dateTime, span, until, weekday } from "../../lib/format";
import { useSlowNow } from "../../lib/now";
import { Confirm } from "../../ui/Confirm";
import { Mark } from "../../ui/Mark";
import { ErrorNote } from "../../ui/States";
import { toast } from "../../ui/toast";
import { days } from "./model";

/* Only the day of an end that is another one is told. */
function Hours({ of }: { of: Span }): ReactElement {
  return (
    <span className="num small nowrap">
      {clockTime(of.from, false)} – {until(of.from, of.to)}
    </span>
  );
}

function Gap({ gap }: { gap: Span }): ReactElement {
  const { t } = useTranslation();
  return (
    <li className="duty-row hatch-soft">
      <Hours of={gap} />
      <Mark state="unknown" word={t("duty.gapRow")} />
      <span className="small muted">{span((Date.parse(gap.to) - Date.parse(gap.from)) / 1000)}</span>
    </li>
  );
}

interface ShiftRowProps {
  s: Shift;
  doubled: boolean;
  onDrop: (() => void) | undefined;
}

function ShiftRow({ s, doubled, onDrop }: ShiftRowProps): ReactElement {
  const { t } = useTranslation();
  const now = useSlowNow();
  const over = Date.parse(s.to) < now;
  const on = !over && Date.parse(s.from) <= now;
  return (
    <li className={over ? "duty-row over" : on ? "duty-row on" : "duty-row"}>
      <Hours of={s} />
      <span className="two-line grow">
        <b className="strong cut">{s.person.name}</b>
        <span className="cut">
          {[
            t(`duty.post.${s.post}`),
            s.note,
            s.late && t("duty.late", { t: dateTime(s.entered) }),
            doubled && t("duty.doubled"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span className="data">{s.person.phone ?? ""}</span>
      {onDrop && !over && (
        <Confirm
          word={t(on ? "duty.endNow" : "act.remove")}
          question={t(on ? "duty.askEnd" : "duty.askDrop")}
          onYes={onDrop}
        />
      )}
    </li>
  );
}

export function Roster({ duty, edits }: { duty: Duty; edits: boolean }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: (s: Shift) => remove(`/duty/${encodeURIComponent(s.id)}`),
    onSuccess: (_, s) => {
      toast(t("duty.dropped", { name: s.person.name }));
      for (const key of ["duty", "setup", "board"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const doubled = new Set(duty.overlaps.flatMap((o) => o.shifts));
  return (
    <>
      {drop.isError && <ErrorNote error={drop.error} />}
      {days(duty).map((d) => (
        <div key={d.day} className="duty-day">
          <h3>
            {weekday(d.rows[0]?.at ?? 0)} <span className="num">{d.day}</span>
          </h3>
          <ul>
            {d.rows.map((r) =>
              r.kind === "gap" ? (
                <Gap key={`gap${r.at}`} gap={r.gap} />
              ) : (
                <ShiftRow
                  key={r.shift.id}
                  s={r.shift}
                  doubled={doubled.has(r.shift.id)}
                  onDrop={edits ? () => drop.mutate(r.shift) : undefined}
                />
              ),
            )}
          </ul>
        </div>
      ))}
    </>
  );
}
