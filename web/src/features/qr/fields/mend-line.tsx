import { Trans } from "@lingui/react/macro";

import type { Content } from "@/lib/api/types";

import { textIn } from "../content";
import type { FormField } from "../schema";
import { mendedEnd, mendedMail, mendedUrl, mendedVpa } from "./mends";

type Props = {
  field: Pick<FormField, "name" | "widget">;
  content: Content;
  onMend: (value: string) => void;
};

/** What was probably meant by a field, one tap away. */
export function MendLine({ field, content, onMend }: Props) {
  const mended = mend(field, content);
  if (mended === null) return null;
  // Of a moment only its time is in doubt.
  const shown = field.widget === "moment" ? mended.slice(11) : mended;
  return (
    <p className="small mend" role="status">
      <Trans>
        Did you mean{" "}
        <button className="link" type="button" dir="ltr" onClick={() => onMend(mended)}>
          {shown}
        </button>
        ?
      </Trans>
    </p>
  );
}

/** The field of each quick kind in which slips are known. */
const DOUBTED: Record<string, Props["field"]> = {
  url: { name: "url", widget: "url" },
  email: { name: "to", widget: "email" },
  vcard: { name: "email", widget: "email" },
  upi: { name: "vpa", widget: "line" },
};

/** The same for the few fields of the first page. */
export function QuickMend({ content, onChange }: { content: Content; onChange: (content: Content) => void }) {
  const field = DOUBTED[content.type];
  if (!field) return null;
  const change = (value: string) => onChange({ ...content, [field.name]: value });
  return <MendLine field={field} content={content} onMend={change} />;
}

function mend({ name, widget }: Props["field"], content: Content): string | null {
  const text = textIn(content, name);
  if (widget === "url") return mendedUrl(text);
  if (widget === "email") return mendedMail(text);
  if (name === "vpa") return mendedVpa(text);
  if (name === "ends_at" && content["all_day"] !== true) return mendedEnd(textIn(content, "starts_at"), text);
  return null;
}
