import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";

import { FileField } from "@/components/upload/file-field";
import type { DesignOptions } from "@/lib/api/types";
import { formatShare } from "@/lib/format";

import type { Look } from "./design";

type Props = {
  look: Look;
  options: DesignOptions;
  fault: string | undefined;
  onChange: (look: Look, group?: string) => void;
};

/** A picture behind the dots, so faint that phones still see them. */
export function BackdropEditor({ look, options, fault, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const picture = look.background?.picture;
  const { least, most, default: usual } = options.background_strength;
  const strength = picture?.strength ?? usual;
  const share = formatShare(strength);
  const put = (changed: NonNullable<typeof picture> | null, group?: string) =>
    onChange({ ...look, background: { ...look.background, picture: changed } }, group);
  return (
    <div className="stack" style={{ "--gap": "var(--sp-3)" }}>
      <FileField
        label={t`Picture behind the dots`}
        help={t`A photo or pattern: PNG, JPEG or SVG. It is cut to a square.`}
        kind="picture"
        value={picture?.file_id}
        fault={fault}
        onChange={(file) => put(file ? { strength: usual, ...picture, file_id: file } : null)}
      />
      {picture ? (
        <div className="field">
          <label htmlFor={`${id}-strength`}>
            <Trans>How strong the picture is: {share}</Trans>
          </label>
          <input
            type="range"
            id={`${id}-strength`}
            min={least}
            max={most}
            step={0.01}
            value={strength}
            onChange={(event) =>
              put({ ...picture, strength: Number(event.currentTarget.value) }, "backdrop-strength")
            }
          />
        </div>
      ) : null}
    </div>
  );
}
