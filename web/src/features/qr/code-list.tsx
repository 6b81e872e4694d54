import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Code } from "@/lib/api/types";

import { CodeMenu } from "./code-menu";
import { useLeadsTo } from "./leads-to";
import { Thumbnail } from "./picture";
import { StatusBadge } from "./status-badge";

type Props = {
  codes: Code[];
  label: string;
  /** Counts of a code: today, and this week on a desktop. */
  today: (code: Code) => ReactNode;
  week: (code: Code) => ReactNode;
  spark: (code: Code) => ReactNode;
};

/** One list in two shapes: a table on a desktop, rows on a phone, the same markup. */
export function CodeList({ codes, label, today, week, spark }: Props) {
  const { t } = useLingui();
  const leadsTo = useLeadsTo();
  return (
    <table className="codes" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">{t`Picture`}</span>
          </th>
          <th scope="col">{t`Code and where it leads`}</th>
          <th scope="col">{t`State`}</th>
          <th scope="col" className="r">{t`Today`}</th>
          <th scope="col" className="r">{t`Seven days`}</th>
          <th scope="col">
            <span className="sr">{t`As a line`}</span>
          </th>
          <th scope="col">
            <span className="sr">{t`What to do`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {codes.map((code) => (
          <tr key={code.id} className={`st-${code.status}`}>
            <td className="c-pick">
              <Thumbnail code={code} />
            </td>
            <th scope="row" className="c-name">
              <Link
                to="/app/codes/$codeId"
                params={{ codeId: code.id }}
                className="strong truncate"
                title={code.name}
              >
                {code.name}
              </Link>
              <span className="small muted truncate">{leadsTo(code)}</span>
              {code.status === "active" ? null : (
                <span className="only-mob inst">
                  <StatusBadge status={code.status} />
                </span>
              )}
            </th>
            <td className="c-state">
              <StatusBadge status={code.status} />
            </td>
            <td className="c-today">{today(code)}</td>
            <td className="c-week num">{week(code)}</td>
            <td className="c-spark">{spark(code)}</td>
            <td className="c-menu">
              <CodeMenu code={code} within="list" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
