import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { IconChevronDown } from "@tabler/icons-react";
import { lazy, type SubmitEvent, Suspense, useEffect, useRef, useState } from "react";

import { Icon } from "@/components/icon";
import { Skeleton } from "@/components/states";
import { isProblem } from "@/lib/api/problem";
import { downloadBlob } from "@/lib/download";
import type { CodeKind, Content } from "@/lib/api/types";

import { contentTypesQuery } from "../api";
import { colourOf, PLAIN, withColour } from "../colours";
import { canLead, cleaned, isBegun, textIn } from "../content";
import { detect } from "../detect";
import { keepDraft, keptDraft } from "../draft";
import { useContentFault, useFieldFault, useReason } from "../faults";
import { QuickMend } from "../fields/mend-line";
import { KINDS } from "../kinds";
import { type Draft, renderDraft, usePreview } from "../preview";
import { Answer } from "./answer";
import { Dock } from "./dock";
import { KindTiles } from "./kind-tiles";

/** Every kind with its whole form: fetched by those who look for more than the quick ones. */
const MoreKinds = lazy(async () => ({ default: (await import("../what/content-step")).ContentStep }));
const AllTypes = lazy(async () => ({ default: (await import("../what/type-tiles")).AllTypesSheet }));

/** A file needs a workspace in which it is kept. */
const NEEDS_ACCOUNT = "file";

const PNG_PIXELS = 1200;

type Props = { onBegin: () => void; onSave: (draft: Draft) => void };

/** The question of the first page: one field, and the code redraws as one types. */
export function MakeCode({ onBegin, onSave }: Props) {
  const { t } = useLingui();
  const [start] = useState(keptDraft);
  const [content, setContent] = useState<Content>(start?.content ?? { type: "url", url: "" });
  const [design, setDesign] = useState(start?.design ?? PLAIN);
  const [kind, setKind] = useState<CodeKind | undefined>(start?.kind);
  const [whole, setWhole] = useState(false);
  // Once opened it stays, so that the focus finds back.
  const [choosing, setChoosing] = useState<boolean>();
  const more = whole || !KINDS.some(({ type }) => type === content.type);
  const types = useQuery(contentTypesQuery);
  const type = types.data?.data.find((known) => known.type === content.type);
  const others = (types.data?.data ?? []).filter(
    (each) => each.type !== NEEDS_ACCOUNT && !KINDS.some((kind) => kind.type === each.type),
  );
  const count = others.length;
  const [left, setLeft] = useState(false);
  const [missing, setMissing] = useState(false);
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const chosen = kind ? { kind } : {};
  const drawn = isBegun(content, type) ? { content: cleaned(content), design } : null;
  const draft = drawn && { ...drawn, ...chosen };
  // What is downloaded here holds everything itself, whatever it becomes when it is saved.
  const { picture, verdict, error } = usePreview(drawn);
  const serverFault = useFieldFault(error);
  const reason = useReason();
  const problem = useContentFault(error) ?? failed;
  useEffect(() => keepDraft({ content, design, ...(kind ? { kind } : {}) }), [content, design, kind]);

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
      const file = await renderDraft(
        { content: wanted.content, design: wanted.design },
        format,
        format === "png" ? PNG_PIXELS : undefined,
      );
      downloadBlob(file, `scanly.${format}`);
    } catch (fault) {
      const known = isProblem(fault, 422);
      setFailed(known ? reason(fault) : t`The download did not work. Check your network and try again.`);
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
    const typed = detect(textIn(content, content.type === "url" ? "url" : "number"));
    if (content.type === "url" && typed && typed.type !== "url" && typed.type !== "text") change(typed);
    // Ten digits of a phone get their country.
    if ("number" in content && typed?.type === "whatsapp") setContent({ ...typed, type: content.type });
  };

  return (
    <main className="make" id="main" tabIndex={-1}>
      <form className="ask" aria-label={t`Make a code`} ref={form} onSubmit={submit} noValidate>
        <h1>
          <Trans>Where should your code lead?</Trans>
        </h1>
        {more ? (
          <Suspense fallback={<Skeleton rows={3} picture={false} />}>
            <div className="answer">
              <MoreKinds
                content={content}
                kind={kind}
                error={error}
                payload={undefined}
                fresh
                without={NEEDS_ACCOUNT}
                ref={null}
                onChange={(next, wanted) => {
                  change(next);
                  setKind(next.type === content.type ? wanted : undefined);
                }}
              />
            </div>
          </Suspense>
        ) : (
          <>
            <div className="answer">
              <Answer content={content} onChange={change} onLeave={leave} fault={fault} />
              {left ? <QuickMend content={content} onChange={change} /> : null}
            </div>
            <KindTiles
              legend={t`Paste it above, or choose what should open`}
              value={content.type}
              onChange={(type) => {
                const { number } = content;
                change({
                  ...EMPTY[type],
                  ...("number" in (EMPTY[type] ?? {}) && number ? { number } : {}),
                  type,
                });
              }}
            />
          </>
        )}
        <p className="row wrap small muted" style={{ "--gap": "var(--sp-2) var(--sp-5)" }}>
          {more ? null : (
            <button
              className="link"
              type="button"
              aria-haspopup={count ? "dialog" : undefined}
              onClick={() => (count ? setChoosing(true) : setWhole(true))}
            >
              {count ? plural(count, { one: "# more kind", other: "# more kinds" }) : t`More kinds`}{" "}
              <Icon of={IconChevronDown} />
            </button>
          )}
          {more || content.type === "url" ? null : (
            <button className="link" type="button" onClick={() => setWhole(true)}>
              <Trans>More fields</Trans>
            </button>
          )}
          <Trans>No account needed. Codes made here never expire.</Trans>{" "}
          <Trans>Only a menu or another file needs a free account, where it is kept.</Trans>
        </p>
        {choosing === undefined ? null : (
          <Suspense>
            <AllTypes
              opened={choosing}
              types={others}
              value={content.type}
              onClose={() => setChoosing(false)}
              onChange={(type) => change({ type })}
            />
          </Suspense>
        )}
        {more && missing ? (
          <p className="tip tip-bad" role="alert">
            <Trans>Fill in the fields first: then there is a code.</Trans>
          </p>
        ) : null}
        {problem ? (
          <p className="tip tip-bad" role="alert">
            {problem}
          </p>
        ) : null}
        {/* Enter in a field saves; the buttons themselves are in the dock. */}
        <button type="submit" hidden />
      </form>
      <Dock
        picture={picture?.source}
        verdict={verdict}
        colour={colourOf(design)}
        leads={type ? (kind ?? type.default_kind) === "dynamic" : canLead(content)}
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
  whatsapp: { number: "" },
  phone: { number: "" },
  email: { to: "", subject: "" },
  text: { text: "" },
};
