import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowRight, IconCircleCheck, IconHelpCircle, IconTable } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { toast } from "@/components/toast";
import { formatNumber } from "@/lib/format";

import { contentTypesQuery } from "./api";
import { type Import, type ImportPlan, useImportPlan } from "./many-api";
import { useTargetWords } from "./many-words";

type Props = { sheet: Import; onNext: () => void; onOther: () => void };

/** What is in which column: guessed, and changed with one list for each. */
export function ManyColumns({ sheet, onNext, onOther }: Props) {
  const { t, i18n } = useLingui();
  const { data: types } = useQuery(contentTypesQuery);
  const plan = useImportPlan(sheet.id);
  const words = useTargetWords(types?.data.find(({ type }) => type === sheet.content_type));
  const language = i18n.locale === "hi" ? "hi" : "en";
  const change = (wanted: ImportPlan) =>
    plan.mutate(wanted, {
      onError: () => toast({ text: t`That did not work. Nothing was changed.`, fault: true }),
    });
  const holds = sheet.columns.map((column) => column.holds);
  const nameless = (number: number) => t`Column ${number}`;
  const holding = (name: string) => t`${name} holds`;
  const kilobytes = formatNumber(Math.ceil(sheet.sheet.size / 1000));
  const missing = sheet.missing.map(words).join(", ");
  return (
    <div className="cols2">
      <div className="stack">
        <p className="words">
          {plural(sheet.lines, { one: "# line found.", other: "# lines found." })}{" "}
          <span className="muted">
            <Trans>What is in which column?</Trans>
          </span>
        </p>
        <section className="card">
          <ul className="list pairs" aria-label={t`Columns`}>
            {sheet.columns.map((column, index) => (
              <li key={index}>
                <span className="from">
                  <b className="strong truncate" dir="auto">
                    {column.name || nameless(index + 1)}
                  </b>
                  <small className="truncate" dir="auto">
                    {column.samples.map((sample) => `“${sample}”`).join(", ")}
                  </small>
                </span>
                <Icon of={IconArrowRight} turns />
                <NativeSelect
                  aria-label={holding(column.name || nameless(index + 1))}
                  value={column.holds ?? ""}
                  disabled={plan.isPending}
                  onChange={({ currentTarget: { value } }) =>
                    change({
                      columns: holds.map((each, other) =>
                        other === index ? value || null : each === value ? null : each,
                      ),
                    })
                  }
                  data={[
                    { value: "", label: t`Leave out` },
                    ...sheet.targets.map((target) => ({ value: target, label: words(target) })),
                  ]}
                />
                <Fits column={column} lines={sheet.lines} />
              </li>
            ))}
          </ul>
        </section>
      </div>
      <div className="stack">
        <section className="card stack">
          <h2>
            <Trans>Your sheet</Trans>
          </h2>
          <div className="sheetrow">
            <span className="ico" aria-hidden="true">
              <Icon of={IconTable} />
            </span>
            <span className="grow">
              <b className="strong breaks" dir="auto">
                {sheet.sheet.file_name || t`Sheet`}
              </b>
              <small className="muted">{t`${kilobytes} kB`}</small>
            </span>
            <Button variant="default" size="sm" onClick={onOther}>
              <Trans>Another sheet</Trans>
            </Button>
          </div>
          <NativeSelect
            label={t`What the codes hold`}
            value={sheet.content_type}
            disabled={plan.isPending}
            onChange={({ currentTarget: { value } }) => change({ content_type: value })}
            data={(types?.data ?? []).map(({ type, title }) => ({ value: type, label: title[language] }))}
          />
        </section>
        {sheet.missing.length > 0 ? (
          <p className="fits doubt" role="status">
            <Icon of={IconHelpCircle} />
            <span>{t`Still missing: ${missing}. Choose the column that holds it.`}</span>
          </p>
        ) : null}
        <div className="nextbar">
          <Button disabled={sheet.missing.length > 0} loading={plan.isPending} onClick={onNext}>
            <Trans>Next: check</Trans>
          </Button>
        </div>
      </div>
    </div>
  );
}

function Fits({ column, lines }: { column: Import["columns"][number]; lines: number }) {
  const { t } = useLingui();
  const all = formatNumber(lines);
  const filled = formatNumber(column.filled);
  if (column.holds === null) {
    return (
      <span className="fits muted">
        <span>{t`Not needed`}</span>
      </span>
    );
  }
  if (column.faulty > 0) {
    return (
      <span className="fits doubt">
        <Icon of={IconHelpCircle} />
        <span>
          {plural(column.filled - column.faulty, { one: "# is fine,", other: "# are fine," })}{" "}
          {plural(column.faulty, { one: "# needs a look", other: "# need a look" })}
        </span>
      </span>
    );
  }
  return (
    <span className="fits">
      <Icon of={IconCircleCheck} />
      <span>{t`${filled} of ${all} filled`}</span>
    </span>
  );
}
