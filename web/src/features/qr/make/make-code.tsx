import { Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useEffect, useRef, useState } from "react";

import { isProblem } from "@/lib/api/problem";
import { downloadBlob } from "@/lib/download";
import type { Content } from "@/lib/api/types";

import { colourOf, PLAIN, withColour } from "../colours";
import { canLead, cleaned, isBegun, textIn } from "../content";
import { detect } from "../detect";
import { keepDraft, keptDraft } from "../draft";
import { useFieldFault } from "../faults";
import { type Draft, renderDraft, usePreview } from "../preview";
import { Answer } from "./answer";
import { Dock } from "./dock";
import { KindTiles } from "./kind-tiles";

const PNG_PIXELS = 1200;

type Props = { onBegin: () => void; onSave: (draft: Draft) => void };

/** The question of the first page: one field, and the code redraws as one types. */
export function MakeCode({ onBegin, onSave }: Props) {
  const { t } = useLingui();
  const [start] = useState(keptDraft);
  const [content, setContent] = useState<Content>(start?.content ?? { type: "url", url: "" });
  const [design, setDesign] = useState(start?.design ?? PLAIN);
  const [left, setLeft] = useState(false);
  const [missing, setMissing] = useState(false);
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const draft = isBegun(content) ? { content: cleaned(content), design } : null;
  const { picture, verdict, error } = usePreview(draft);
  const serverFault = useFieldFault(error);
  useEffect(() => keepDraft({ content, design }), [content, design]);

  const firstField = Object.keys(content).find((name) => name !== "type") ?? "url";
  const fault = (field: string) => {
    if (missing && field === firstField) return t`Write here first what the code should open.`;
    return left ? serverFault(field) : undefined;
  };
  const change = (next: Content) => {
    onBegin();
    setContent(next);
    setMissing(false);
    setFailed(undefined);
    if (next.type !== content.type) setLeft(false);
  };
  const ready = (then: (draft: Draft) => void) => {
    setLeft(true);
    if (draft && !isProblem(error, 422)) {
      then(draft);
      return;
    }
    setMissing(!draft);
    form.current?.querySelector<HTMLElement>(".answer input, .answer textarea")?.focus();
  };
  const fetchFile = async (wanted: Draft, format: "png" | "svg") => {
    setBusy(true);
    try {
      const file = await renderDraft(wanted, format, format === "png" ? PNG_PIXELS : undefined);
      downloadBlob(file, `scanly.${format}`);
    } catch {
      setFailed(t`The download did not work. Check your network and try again.`);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ready(onSave);
  };
  const leave = () => {
    setLeft(true);
    const typed = content.type === "url" ? detect(textIn(content, "url")) : null;
    if (typed?.type === "upi" || typed?.type === "upi_link") change(typed);
  };

  return (
    <main className="make" id="main" tabIndex={-1}>
      <form className="ask" aria-label={t`Make a code`} ref={form} onSubmit={submit} noValidate>
        <h1>
          <Trans>Where should your code lead?</Trans>
        </h1>
        <div className="answer">
          <Answer content={content} onChange={change} onLeave={leave} fault={fault} />
        </div>
        <KindTiles
          legend={t`Paste it above, or choose what should open`}
          value={content.type}
          onChange={(type) => change({ ...EMPTY[type], type })}
        />
        <p className="small muted">
          <Trans>No account needed. Codes made here never expire.</Trans>
        </p>
        {failed ? (
          <p className="tip tip-bad" role="alert">
            {failed}
          </p>
        ) : null}
        {/* Enter in a field saves; the buttons themselves are in the dock. */}
        <button type="submit" hidden />
      </form>
      <Dock
        picture={picture?.source}
        verdict={verdict}
        colour={colourOf(design)}
        leads={canLead(content)}
        busy={busy}
        onColour={(colour) => setDesign(withColour(design, colour))}
        onDownload={(format) => ready((wanted) => void fetchFile(wanted, format))}
        onSave={() => ready(onSave)}
      />
    </main>
  );
}

const EMPTY: Record<string, Record<string, string>> = {
  url: { url: "" },
  upi: { vpa: "", name: "", amount: "" },
  wifi: { ssid: "", password: "" },
  vcard: { first_name: "", mobile: "", email: "" },
  text: { text: "" },
};
