import { Trans, useLingui } from "@lingui/react/macro";
import { NativeSelect, Switch, TextInput } from "@mantine/core";
import { IconChevronDown, IconRuler2 } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";

import type { Format } from "./formats";
import type { Wanted } from "./use-file";

type Props = { format: Format | undefined; wanted: Wanted; onChange: (wanted: Wanted) => void };

/** What a print shop asks for: fineness of pictures, inks of documents. */
export function PrintShop({ format, wanted, onChange }: Props) {
  const { t } = useLingui();
  if (!format?.is_raster && !format?.has_inks) return null;
  return (
    <details className="more ruled">
      <summary>
        <Icon of={IconRuler2} />
        <Trans>For the print shop</Trans>
        <span className="chev">
          <Icon of={IconChevronDown} />
        </span>
      </summary>
      <div className="stack">
        {format.is_raster ? (
          <NativeSelect
            label={t`Fineness (dots per inch)`}
            description={t`Print shops ask for 300.`}
            value={String(wanted.dpi)}
            onChange={(event) => onChange({ ...wanted, dpi: Number(event.currentTarget.value) })}
            data={["150", "300", "600", "1200"]}
          />
        ) : null}
        {format.has_inks ? (
          <>
            <div className="field">
              <span className="label">
                <Trans>Colours of the file</Trans>
              </span>
              <Seg
                label={t`Colours of the file`}
                value={wanted.color}
                onChange={(color) => onChange({ ...wanted, color })}
                options={[
                  { value: "rgb", label: t`Screen (RGB)` },
                  { value: "cmyk", label: t`Print (CMYK)` },
                ]}
              />
            </div>
            {wanted.color === "cmyk" ? (
              <Switch
                label={t`Print black over other inks`}
                checked={wanted.overprint}
                onChange={(event) => onChange({ ...wanted, overprint: event.currentTarget.checked })}
              />
            ) : null}
            <TextInput
              label={t`Name of a special ink (optional)`}
              description={t`As the print shop calls it, such as PANTONE 321 C.`}
              value={wanted.spot}
              maxLength={60}
              onChange={(event) => onChange({ ...wanted, spot: event.currentTarget.value })}
            />
          </>
        ) : null}
      </div>
    </details>
  );
}
