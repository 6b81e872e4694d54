import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";

import { Icon } from "@/components/icon";
import type { Code } from "@/lib/api/types";

import { CodeMenu } from "./code-menu";
import { useLeadsTo } from "./leads-to";
import { TrashMenu } from "./list-trash-menu";
import { Thumbnail } from "./picture";
import { StatusBadge } from "./status-badge";

type Props = {
  codes: Code[];
  label: string;
  /** Counts of a code: today, and this week on a desktop. */
  today: (code: Code) => ReactNode;
  week: (code: Code) => ReactNode;
  spark: (code: Code) => ReactNode;
  folder: (code: Code) => string;
  grid: boolean;
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
};

/** One list in three shapes, the same markup: a table on a desktop, rows on a phone, pictures. The picture chooses. */
export function CodeList({ codes, label, today, week, spark, folder, grid, chosen, onChosen }: Props) {
  const { t } = useLingui();
  const choose = (name: string) => t`Choose ${name}`;
  const last = useRef<number>(null);
  const all = codes.every(({ id }) => chosen.has(id));
  const pick = (index: number, on: boolean, range: boolean) => {
    const from = range && last.current !== null ? last.current : index;
    const some = codes.slice(Math.min(from, index), Math.max(from, index) + 1).map(({ id }) => id);
    last.current = index;
    onChosen(new Set(on ? [...chosen, ...some] : [...chosen].filter((id) => !some.includes(id))));
  };
  const leadsTo = useLeadsTo();
  return (
    <table className={grid ? "codes pictures" : "codes"} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">
            <input
              type="checkbox"
              className="check"
              aria-label={t`Choose all`}
              checked={all}
              onChange={() => onChosen(new Set(all ? [] : codes.map(({ id }) => id)))}
            />
          </th>
          <th scope="col">{t`Code and where it leads`}</th>
          <th scope="col" className="c-folder">{t`Folder`}</th>
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
        {codes.map((code, index) => (
          <tr key={code.id} className={`st-${code.status}`}>
            <td className="c-pick">
              <label className="pick">
                <input
                  type="checkbox"
                  className="check"
                  aria-label={choose(code.name)}
                  checked={chosen.has(code.id)}
                  onChange={({ currentTarget, nativeEvent }) =>
                    pick(index, currentTarget.checked, shifted(nativeEvent))
                  }
                />
                <span className="mark" aria-hidden="true">
                  <Icon of={IconCheck} />
                </span>
                <Thumbnail code={code} />
              </label>
            </td>
            <th scope="row" className="c-name">
              {code.status === "deleted" ? (
                <span className="strong truncate" dir="auto">
                  {code.name}
                </span>
              ) : (
                <Link
                  to="/app/codes/$codeId"
                  params={{ codeId: code.id }}
                  className="strong truncate"
                  dir="auto"
                  title={code.name}
                >
                  {code.name}
                </Link>
              )}
              <span className="small muted truncate" dir="auto">
                {leadsTo(code)}
              </span>
              {code.status === "active" ? null : (
                <span className="only-mob inst">
                  <StatusBadge status={code.status} />
                </span>
              )}
            </th>
            <td className="c-folder">
              <span className="truncate" dir="auto" title={folder(code)}>
                {folder(code)}
              </span>
            </td>
            <td className="c-state">
              <StatusBadge status={code.status} />
            </td>
            <td className="c-today">{today(code)}</td>
            <td className="c-week num">{week(code)}</td>
            <td className="c-spark">{spark(code)}</td>
            <td className="c-menu">
              {code.status === "deleted" ? <TrashMenu code={code} /> : <CodeMenu code={code} within="list" />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Whether Shift was held: then everything between this and the last one is meant. */
function shifted(event: Event): boolean {
  return event instanceof MouseEvent && event.shiftKey;
}
