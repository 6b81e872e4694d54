import { Trans, useLingui } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
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

/** The shop's own sign in the middle of the code; how large it may be is what the code can bear. */
export function LogoEditor({ look, options, fault, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const { logo } = look;
  const { least, most, default: usual } = options.logo_size;
  const size = logo?.size ?? usual;
  const share = formatShare(size);
  return (
    <div className="stack" style={{ "--gap": "var(--sp-3)" }}>
      <FileField
        label={t`Picture in the middle`}
        help={t`Your logo or sign: PNG, JPEG or SVG.`}
        kind="picture"
        value={logo?.file_id}
        fault={fault}
        onChange={(file) =>
          onChange({ ...look, logo: file ? { size: usual, ...logo, file_id: file } : null })
        }
      />
      {logo ? (
        <>
          <div className="field">
            <label htmlFor={`${id}-size`}>
              <Trans>Size of the picture: {share} of the code</Trans>
            </label>
            <input
              type="range"
              id={`${id}-size`}
              min={least}
              max={most}
              step={0.01}
              value={size}
              onChange={(event) =>
                onChange({ ...look, logo: { ...logo, size: Number(event.currentTarget.value) } }, "logo-size")
              }
            />
          </div>
          <Switch
            label={t`No dots behind the picture`}
            checked={logo.clear ?? true}
            onChange={(event) => onChange({ ...look, logo: { ...logo, clear: event.currentTarget.checked } })}
          />
        </>
      ) : null}
    </div>
  );
}
