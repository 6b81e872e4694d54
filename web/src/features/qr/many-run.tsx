import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  IconArrowBackUp,
  IconDownload,
  IconFileZip,
  IconPlayerPause,
  IconPlayerPlay,
  IconTable,
} from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import { workspaceQuery } from "@/lib/api/client";
import { formatNumber } from "@/lib/format";

import { useExport } from "./list-api";
import { type Import, linesQuery, sheetUrl, type Turn, useTurn } from "./many-api";

function useTurns(sheet: Import) {
  const { t } = useLingui();
  const turn = useTurn(sheet.id);
  return {
    busy: turn.isPending,
    go: (to: Turn) =>
      turn.mutate(to, {
        onError: () => toast({ text: t`That did not work. Nothing was changed.`, fault: true }),
      }),
  };
}

/** How far it is. The page can be closed meanwhile. */
export function ManyRun({ sheet }: { sheet: Import }) {
  const { t } = useLingui();
  const { busy, go } = useTurns(sheet);
  const { waiting, made, changed, unchanged } = sheet.progress;
  const done = made + changed + unchanged;
  const all = done + waiting;
  const doneText = formatNumber(done);
  return (
    <section className="card bigprog">
      <p className="words" role="status">
        {plural(all, { one: `${doneText} of # code is made`, other: `${doneText} of # codes are made` })}
      </p>
      <div
        className="progress"
        role="progressbar"
        aria-label={t`Codes made`}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={done}
      >
        <span style={{ width: `${all > 0 ? Math.round((done / all) * 100) : 0}%` }} />
      </div>
      <p className="muted">
        {sheet.state === "paused" ? (
          <Trans>It rests. What is made works already.</Trans>
        ) : sheet.state === "undoing" ? (
          <Trans>They are being taken back. You can close this page, it goes on without you.</Trans>
        ) : (
          <Trans>
            Each one is read once by a real decoder. You can close this page, it goes on without you.
          </Trans>
        )}
      </p>
      {sheet.state === "undoing" ? null : (
        <div className="row wrap centre">
          {sheet.state === "paused" ? (
            <Button loading={busy} leftSection={<Icon of={IconPlayerPlay} />} onClick={() => go("resume")}>
              <Trans>Go on</Trans>
            </Button>
          ) : (
            <Button
              variant="default"
              loading={busy}
              leftSection={<Icon of={IconPlayerPause} />}
              onClick={() => go("pause")}
            >
              <Trans>Pause</Trans>
            </Button>
          )}
          <Button variant="subtle" loading={busy} onClick={() => go("cancel")}>
            {t`Stop, keep the ${doneText}`}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What came of it: files, what was left out, and the way back for a day. */
export function ManyDone({ sheet, onAnother }: { sheet: Import; onAnother: () => void }) {
  const { busy, go } = useTurns(sheet);
  const { made, changed, unchanged, faulty, waiting, undone, kept } = sheet.progress;
  const live = made + changed + unchanged;
  const left = faulty + waiting;
  const canUndo = sheet.undo_until !== null && made + changed > 0 && new Date(sheet.undo_until) > new Date();
  return (
    <div className="stack">
      <p className="words" role="status">
        {sheet.state === "undone"
          ? plural(undone, { one: "# code was taken back.", other: "# codes were taken back." })
          : plural(live, { one: "# code is live.", other: "# codes are live." })}{" "}
        <span className="muted">
          {sheet.state === "undone" && kept > 0
            ? plural(kept, {
                one: "# stays, since people scanned it.",
                other: "# stay, since people scanned them.",
              })
            : left > 0
              ? plural(left, { one: "# line was left out.", other: "# lines were left out." })
              : null}
        </span>
      </p>
      {changed > 0 && sheet.state !== "undone" ? (
        <p className="muted">
          {plural(changed, {
            one: "# code had your number already and was changed.",
            other: "# codes had your numbers already and were changed.",
          })}
        </p>
      ) : null}
      {live > 0 && sheet.state !== "undone" ? <Files sheet={sheet} /> : null}
      {left > 0 && sheet.state !== "undone" ? (
        <p className="notice warn">
          <Trans>Mend the lines that were left out in this small sheet and upload it again.</Trans>{" "}
          <a href={sheetUrl(sheet.id, "xlsx", ["faulty", "waiting"], workspaceQuery())} download>
            {plural(left, { one: "Download the line", other: "Download the # lines" })}
          </a>
        </p>
      ) : null}
      <div className="nextbar">
        <Button component={Link} to="/app/codes">
          <Trans>See the codes</Trans>
        </Button>
        <Button variant="default" onClick={onAnother}>
          <Trans>Another sheet</Trans>
        </Button>
        {canUndo ? (
          <Button
            variant="subtle"
            loading={busy}
            leftSection={<Icon of={IconArrowBackUp} />}
            onClick={() => go("undo")}
          >
            {plural(made + changed, { one: "Undo it", other: "Undo all #" })}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

const MOST = 100;

function Files({ sheet }: { sheet: Import }) {
  const { t } = useLingui();
  const send = useExport();
  const { data: lines = [] } = useQuery(linesQuery(sheet.id, ["made", "changed", "unchanged"], MOST));
  const ids = lines.flatMap(({ code_id: id }) => id ?? []);
  const { made, changed, unchanged } = sheet.progress;
  const all = made + changed + unchanged;
  const zip = async () => {
    try {
      const request = {
        formats: ["svg", "png"] as ("svg" | "png")[],
        name: "{name}",
        size: 1200,
        unit: "px" as const,
        dpi: 300,
      };
      await send.mutateAsync({ ...request, ids, as: "zip" });
    } catch {
      toast({ text: t`The file could not be made. Try again.`, fault: true });
    }
  };
  return (
    <div className="files">
      {all <= MOST ? (
        <button type="button" disabled={send.isPending || ids.length === 0} onClick={() => void zip()}>
          <Icon of={IconFileZip} />
          <span>
            <b className="strong">{t`Single pictures`}</b>
            <small>
              {plural(all, {
                one: "ZIP with # code as PNG and SVG",
                other: "ZIP with # codes as PNG and SVG",
              })}
            </small>
          </span>
          <Icon of={IconDownload} />
        </button>
      ) : null}
      <a href={sheetUrl(sheet.id, "xlsx", [], workspaceQuery())} download>
        <Icon of={IconTable} />
        <span>
          <b className="strong">{t`Your sheet, with addresses`}</b>
          <small>{t`Excel, with a new column`}</small>
        </span>
        <Icon of={IconDownload} />
      </a>
    </div>
  );
}
