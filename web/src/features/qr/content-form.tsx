import { Trans } from "@lingui/react/macro";
import { IconChevronDown, IconPlus } from "@tabler/icons-react";
import { Fragment, useState } from "react";

import { Icon } from "@/components/icon";
import type { CodeKind, Content, ContentType } from "@/lib/api/types";

import { ContentField } from "./content-field";
import { MendLine } from "./fields/mend-line";
import { fieldsOf, type FormField } from "./schema";

type Props = {
  type: ContentType;
  content: Content;
  kind: CodeKind | undefined;
  /** Nothing is printed yet. */
  fresh: boolean;
  onChange: (content: Content) => void;
  fault: (field: string) => string | undefined;
};

/** The form of a content type, made from its JSON Schema. A field is checked when it was left. */
export function ContentForm({ type, content, kind, fresh, onChange, fault }: Props) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const stays = ({ inSymbol }: FormField) => inSymbol && !fresh && kind === "dynamic";
  const fields = fieldsOf(type)
    .filter((field) => !field.kind || field.kind === (kind ?? type.default_kind))
    .filter((field) => !stays(field) || content[field.name] !== undefined);
  const shown = (field: FormField) => (
    <Fragment key={field.name}>
      <ContentField
        field={field}
        content={content}
        stays={stays(field)}
        fault={left.has(field.name) ? fault(field.name) : undefined}
        onLeave={() => setLeft(new Set(left).add(field.name))}
        onChange={(written) => onChange({ ...content, ...written })}
      />
      {left.has(field.name) && !stays(field) ? (
        <MendLine
          field={field}
          content={content}
          onMend={(value) => onChange({ ...content, [field.name]: value })}
        />
      ) : null}
    </Fragment>
  );
  const folded = fields.filter(({ more }) => more);
  const filled = folded.some(({ name, initial }) => (content[name] ?? initial) !== initial);
  return (
    <div className="fields">
      {fields.filter(({ more }) => !more).map(shown)}
      {folded.length > 0 ? (
        <details className="more" open={filled}>
          <summary>
            <Icon of={IconPlus} />
            <Trans>More fields</Trans>
            <span className="chev">
              <Icon of={IconChevronDown} />
            </span>
          </summary>
          <div className="fields">{folded.map(shown)}</div>
        </details>
      ) : null}
    </div>
  );
}
