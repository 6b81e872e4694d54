import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";
import { Sheet } from "@/components/sheet";
import { fileName } from "@/lib/download";
import type { Code } from "@/lib/api/types";

import { imageUrl, type ImageSize } from "./api";

const SIZES: Record<"px" | "mm", number[]> = { px: [600, 1200, 2400, 4096], mm: [20, 30, 40, 60, 100, 200] };
const DPI = 300;
export const QUICK_PNG: ImageSize = { size: 1200, unit: "px" };

type Props = { code: Code; opened: boolean; onClose: () => void };

/** A picture of the code as a file: for the screen in pixels, for paper in millimetres. */
export function DownloadSheet({ code, opened, onClose }: Props) {
  const { t } = useLingui();
  const [format, setFormat] = useState<"png" | "svg">("png");
  const [unit, setUnit] = useState<"px" | "mm">("px");
  const [sizes, setSizes] = useState({ px: 1200, mm: 40 });
  const size = sizes[unit];
  const measures: ImageSize = unit === "mm" ? { size, unit, dpi: DPI } : { size, unit };
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Download`}>
      <div className="stack">
        <div className="download-preview">
          <img className="qr" src={imageUrl(code, "svg")} alt={t`Your code`} />
        </div>
        <div className="field">
          <span className="label">
            <Trans>File</Trans>
          </span>
          <Seg
            label={t`File`}
            value={format}
            onChange={setFormat}
            options={[
              { value: "png", label: t`Picture (PNG)` },
              { value: "svg", label: t`For printers (SVG)` },
            ]}
          />
        </div>
        <div className="field">
          <span className="label">
            <Trans>Size</Trans>
          </span>
          <Seg
            label={t`Measured in`}
            value={unit}
            onChange={setUnit}
            options={[
              { value: "px", label: t`Screen (pixels)` },
              { value: "mm", label: t`Paper (millimetres)` },
            ]}
          />
        </div>
        <NativeSelect
          aria-label={t`Size`}
          value={String(size)}
          onChange={(event) => setSizes({ ...sizes, [unit]: Number(event.currentTarget.value) })}
          data={SIZES[unit].map((value) => ({
            value: String(value),
            label: unit === "mm" ? t`${value} mm wide` : t`${value} pixels wide`,
          }))}
        />
        {unit === "mm" && size < 30 ? (
          <p className="small muted">
            <Trans>As small as this it is read from close by only, as on a visiting card.</Trans>
          </p>
        ) : null}
        <Button
          component="a"
          href={imageUrl(code, format, measures)}
          download={fileName(code.name, format)}
          leftSection={<Icon of={IconDownload} />}
          onClick={onClose}
        >
          {format === "png" ? t`Download PNG` : t`Download SVG`}
        </Button>
      </div>
    </Sheet>
  );
}
