import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconAlertCircle, IconCheck } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";
import { toast } from "@/components/toast";
import { formatNumber } from "@/lib/format";

import { useFaultWords } from "./faults";
import { type Import, type ImportLine, linesQuery, useMend, useTurn } from "./many-api";

type Props = { sheet: Import; onBack: () => void };

/** Faults first, mended in place; good lines never wait for bad ones. */
export function ManyCheck({ sheet, onBack }: Props) {
  const { t } = useLingui();
  const { waiting, faulty } = sheet.progress;
  const [show, setShow] = useState<"faulty" | "all">(faulty > 0 ? "faulty" : "all");
  const { data: lines = [] } = useQuery(linesQuery(sheet.id, show === "faulty" ? ["faulty"] : []));
  const turn = useTurn(sheet.id);
  const all = formatNumber(sheet.lines);
  const start = () =>
    turn.mutate("start", {
      onError: () => toast({ text: t`That did not work. Nothing was changed.`, fault: true }),
    });
  return (
    <div className="stack">
      <div className="row spread wrap">
        <p className="words" role="status">
          {plural(waiting, { one: "# is ready.", other: "# are ready." })}{" "}
          {faulty > 0 ? (
            <span className="bad-text">{plural(faulty, { one: "# needs you.", other: "# need you." })}</span>
          ) : null}
        </p>
        <Seg
          label={t`Show`}
          value={show}
          onChange={setShow}
          options={[
            { value: "all", label: t`All ${all}` },
            { value: "faulty", label: t`What needs you` },
          ]}
        />
      </div>
      {lines.length > 0 ? (
        <section className="card card-flush">
          <table className="prev" aria-label={t`Lines of the sheet`}>
            <thead>
              <tr>
                <th scope="col">{t`Line`}</th>
                <th scope="col">{t`What it holds`}</th>
                <th scope="col">{t`State`}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <Line key={line.number} line={line} sheet={sheet} />
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      <div className="nextbar">
        <Button disabled={waiting === 0} loading={turn.isPending} onClick={start}>
          {plural(waiting, { one: "Make # code now", other: "Make # codes now" })}
        </Button>
        <Button variant="subtle" onClick={onBack}>
          <Trans>Back to the columns</Trans>
        </Button>
        {faulty > 0 ? (
          <span className="small muted">
            <Trans>The others wait in a small sheet that you can download and mend.</Trans>
          </span>
        ) : null}
      </div>
    </div>
  );
}

function Line({ line, sheet }: { line: ImportLine; sheet: Import }) {
  const { t } = useLingui();
  const nameAt = sheet.columns.findIndex(({ holds }) => holds === "name");
  const shown = line.cells.filter((cell, index) => cell && sheet.columns[index]?.holds && index !== nameAt);
  const name = line.cells[nameAt] ?? "";
  const wrong = new Set(line.faults.map(({ column }) => column));
  return (
    <tr className={line.state === "faulty" ? "bad-row" : undefined}>
      <td className="rn num">{line.number}</td>
      <td className="c-to">
        {name ? (
          <b className="strong truncate" dir="auto">
            {name}
          </b>
        ) : null}
        {line.state === "faulty" ? (
          [...wrong].map((column) => (
            <Mend key={column ?? -1} line={line} sheet={sheet} column={column ?? null} />
          ))
        ) : (
          <span className="small muted truncate" dir="auto">
            {shown.join(" · ")}
          </span>
        )}
      </td>
      <td className="c-st">
        {line.state === "faulty" ? (
          <span className="badge badge-bad">
            <Icon of={IconAlertCircle} /> {t`Needs you`}
          </span>
        ) : (
          <span className="badge badge-good">
            <Icon of={IconCheck} /> {t`Ready`}
          </span>
        )}
      </td>
    </tr>
  );
}

/** The cell with the fault, to be mended where it stands. */
function Mend({ line, sheet, column }: { line: ImportLine; sheet: Import; column: number | null }) {
  const { t } = useLingui();
  const [text, setText] = useState(column === null ? "" : (line.cells[column] ?? ""));
  const mend = useMend(sheet.id);
  const words = useFaultWords();
  const why = line.faults.filter((fault) => fault.column === column).map(words);
  if (column === null) return <span className="error">{why.join(" ")}</span>;
  const { number } = line;
  const name = sheet.columns[column]?.name ?? "";
  return (
    <form
      className="row mend"
      onSubmit={(event) => {
        event.preventDefault();
        mend.mutate({ number, column, text });
      }}
    >
      <TextInput
        className="grow"
        aria-label={t`${name} in line ${number}`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={[...new Set(why)].join(" ")}
      />
      <Button
        type="submit"
        variant="default"
        size="sm"
        loading={mend.isPending}
        disabled={text === line.cells[column]}
      >
        <Trans>Mend it</Trans>
      </Button>
    </form>
  );
}
