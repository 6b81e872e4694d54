import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Page } from "@/components/page";
import { Skeleton } from "@/components/states";
import { type Import, importQuery, openImportsQuery } from "@/features/qr/many-api";
import { ManyCheck } from "@/features/qr/many-check";
import { ManyColumns } from "@/features/qr/many-columns";
import { ManyDone, ManyRun } from "@/features/qr/many-run";
import { ManyUpload } from "@/features/qr/many-upload";

const route = getRouteApi("/inside/shell/app/codes/many");
const OPEN = new Set<Import["state"]>(["running", "paused", "undoing"]);

/** Codes from a sheet: sheet, columns, check, codes. */
export function ManyPage() {
  const { t } = useLingui();
  const { sheet: id } = route.useSearch();
  const navigate = useNavigate({ from: "/app/codes/many" });
  const open = (sheet?: string) => void navigate({ search: sheet ? { sheet } : {} });
  return (
    <Page title={t`Many codes at once`} back={{ to: "/app/codes", label: t`Codes` }}>
      {id ? <Sheet key={id} id={id} onOther={() => open()} /> : <Start onSheet={open} />}
    </Page>
  );
}

function Start({ onSheet }: { onSheet: (id: string) => void }) {
  const { t } = useLingui();
  const { data: imports = [] } = useQuery(openImportsQuery);
  const stillGoing = (name: string) => t`“${name}” is still on its way.`;
  const going = imports.find(({ state }) => OPEN.has(state));
  return (
    <div className="stack">
      <Steps now={0} />
      {going ? (
        <p className="notice">
          {stillGoing(going.sheet.file_name)}{" "}
          <button type="button" className="linklike" onClick={() => onSheet(going.id)}>
            {t`Show it`}
          </button>
        </p>
      ) : null}
      <ManyUpload onSheet={onSheet} />
    </div>
  );
}

function Sheet({ id, onOther }: { id: string; onOther: () => void }) {
  const { t } = useLingui();
  const query = useQuery(importQuery(id));
  const [checking, setChecking] = useState(false);
  return (
    <Asked
      query={query}
      title={t`We cannot show this sheet right now`}
      stillWorks={t`What was made from it goes on working.`}
      waiting={<Skeleton rows={6} />}
      frame="card"
    >
      {(sheet) => {
        const draft = sheet.state === "draft";
        const ended = sheet.state === "done" || sheet.state === "cancelled" || sheet.state === "undone";
        return (
          <div className="stack">
            <Steps now={draft ? (checking ? 2 : 1) : ended ? 4 : 3} />
            {draft && !checking ? (
              <ManyColumns sheet={sheet} onNext={() => setChecking(true)} onOther={onOther} />
            ) : draft ? (
              <ManyCheck sheet={sheet} onBack={() => setChecking(false)} />
            ) : ended ? (
              <ManyDone sheet={sheet} onAnother={onOther} />
            ) : (
              <ManyRun sheet={sheet} />
            )}
          </div>
        );
      }}
    </Asked>
  );
}

function Steps({ now }: { now: number }) {
  const { t } = useLingui();
  return (
    <ol className="steps4" aria-label={t`Steps`}>
      {[t`Sheet`, t`Columns`, t`Check`, t`Codes`].map((label, step) => (
        <li
          key={label}
          className={step < now ? "s-ok" : step === now ? "s-now" : undefined}
          aria-current={step === now ? "step" : undefined}
        >
          {label}
        </li>
      ))}
    </ol>
  );
}
