import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { type ClipboardEvent, type Ref, useState } from "react";

import { Asked } from "@/components/asked";
import { Skeleton } from "@/components/states";
import type { CodeKind, Content } from "@/lib/api/types";
import { currentLocale } from "@/lib/i18n";

import { contentTypesQuery } from "../api";
import { ContentForm } from "../content-form";
import { detect } from "../detect";
import { useFieldFault } from "../faults";
import { inLocale } from "../schema";
import { ExactText } from "./exact-text";
import { Holds } from "./holds";
import { TypeTiles } from "./type-tiles";

type Props = {
  content: Content;
  kind: CodeKind | undefined;
  /** What is wrong with the content, from the server. */
  error: unknown;
  /** The exact text in the symbol, when it is known. */
  payload: string | undefined;
  /** A code that is there keeps type and kind, which are printed. */
  fresh: boolean;
  /** A type that cannot be chosen here. */
  without?: string;
  ref: Ref<HTMLDivElement>;
  onChange: (content: Content, kind?: CodeKind) => void;
};

/** What a code holds: which type, its fields, and whether it can be changed later. */
export function ContentStep({ content, kind, error, payload, fresh, without, ref, onChange }: Props) {
  const { t } = useLingui();
  const types = useQuery(contentTypesQuery);
  const fieldFault = useFieldFault(error);
  // What was typed for another type waits here, until one comes back to it.
  const [typed, setTyped] = useState<Record<string, Content>>({});
  const choose = (type: string) => {
    setTyped({ ...typed, [content.type]: content });
    onChange(typed[type] ?? { type });
  };
  /** Pasting decides the type, as on the first page. */
  const pasted = (event: ClipboardEvent) => {
    const found = fresh && content.type === "url" ? detect(event.clipboardData.getData("text")) : null;
    if (!found || found.type === "url" || found.type === "text") return;
    event.preventDefault();
    onChange(found);
  };
  return (
    <div className="opts" ref={ref} onPaste={pasted}>
      <Asked
        query={types}
        title={t`We cannot show the form right now`}
        stillWorks={t`Your codes go on working.`}
        waiting={<Skeleton rows={3} picture={false} />}
      >
        {({ data }) => {
          const type = data.find((known) => known.type === content.type);
          const chosen = kind ?? type?.default_kind;
          const other = type?.kinds.find((possible) => possible !== chosen);
          return (
            <>
              {fresh ? (
                <TypeTiles
                  types={data.filter((each) => each.type !== without)}
                  value={content.type}
                  onChange={choose}
                />
              ) : null}
              {type ? (
                <>
                  <p className="muted">{inLocale(type.help, currentLocale())}</p>
                  <ContentForm
                    key={type.type}
                    type={type}
                    content={content}
                    kind={chosen}
                    fresh={fresh}
                    onChange={(next) => onChange(next, kind)}
                    fault={fieldFault}
                  />
                  {chosen ? (
                    <Holds
                      kind={chosen}
                      onOther={fresh && other ? () => onChange(content, other) : undefined}
                    />
                  ) : null}
                </>
              ) : null}
              {payload ? <ExactText text={payload} sample={fresh && chosen === "dynamic"} /> : null}
            </>
          );
        }}
      </Asked>
    </div>
  );
}
