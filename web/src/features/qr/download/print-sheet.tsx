import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { createPortal } from "react-dom";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";
import { Sheet } from "@/components/sheet";
import { Skeleton } from "@/components/states";
import type { Code } from "@/lib/api/types";

import { pictureOf } from "../preview";
import { layout, PAPERS, places, type Paper, type Sheet as Grid } from "./layout";
import { toMm } from "./size";
import { codeFile, type Wanted } from "./use-file";

type Props = { code: Code; wanted: Wanted; opened: boolean; onClose: () => void };
const MOST_COPIES = 200;

/** Prints copies in real size on a sheet of paper, with lines to cut along. */
export function PrintSheet(props: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title={t`Print it here`} width={560}>
      {props.opened ? <PrintForm {...props} /> : null}
    </Sheet>
  );
}

function PrintForm({ code, wanted }: Props) {
  const { t } = useLingui();
  const [paperName, setPaperName] = useState<keyof typeof PAPERS>("a4");
  const [copies, setCopies] = useState(1);
  const paper = PAPERS[paperName];
  const width = toMm(wanted.size, wanted.unit);
  const picture = useQuery({
    queryKey: ["print", code.id, code.version],
    queryFn: async () => {
      return pictureOf(await (await codeFile(code, { ...wanted, format: "svg" })).text());
    },
  });
  return (
    <Asked
      query={picture}
      title={t`We cannot draw the sheet right now`}
      stillWorks={t`Your codes go on working.`}
      waiting={<Skeleton rows={3} picture={false} />}
    >
      {({ source, ...drawn }) => {
        const size = { width, height: (width * drawn.height) / drawn.width };
        const grid = layout(paper, size, copies);
        const pages = grid?.pages ?? 0;
        return (
          <div className="stack">
            <div className="row wrap">
              <Seg
                label={t`Paper`}
                value={paperName}
                onChange={setPaperName}
                options={[
                  { value: "a4", label: t`A4` },
                  { value: "letter", label: t`Letter` },
                ]}
              />
              <NumberInput
                label={t`Copies`}
                value={copies}
                min={1}
                max={MOST_COPIES}
                allowDecimal={false}
                onChange={(value) => setCopies(Math.min(MOST_COPIES, Math.max(1, Number(value) || 1)))}
              />
            </div>
            {grid ? (
              <>
                <div className="print-preview">
                  <Page
                    paper={paper}
                    grid={grid}
                    picture={size}
                    source={source}
                    count={Math.min(copies, grid.perPage)}
                  />
                </div>
                <p className="muted small">
                  <Trans>
                    Choose “100 %” or “actual size” in the print window, then it has the size you chose. Cut
                    along the dashed lines.
                  </Trans>
                </p>
                <Button leftSection={<Icon of={IconPrinter} />} onClick={() => window.print()}>
                  {pages === 1 ? t`Print 1 page` : t`Print ${pages} pages`}
                </Button>
                {createPortal(
                  <div className="print-pages" aria-hidden="true">
                    {Array.from({ length: pages }, (_, page) => (
                      <Page
                        key={page}
                        paper={paper}
                        grid={grid}
                        picture={size}
                        source={source}
                        count={Math.min(grid.perPage, copies - page * grid.perPage)}
                      />
                    ))}
                  </div>,
                  document.body,
                )}
              </>
            ) : (
              <p className="tip tip-warn" role="status">
                <Trans>
                  This size does not fit on a page. Choose a smaller one, or take the PDF to a print shop.
                </Trans>
              </p>
            )}
          </div>
        );
      }}
    </Asked>
  );
}

type PageProps = { paper: Paper; grid: Grid; picture: Paper; source: string; count: number };

/** One page: its units are millimetres, so that it is right on paper and small on the screen. */
function Page({ paper, grid, picture, source, count }: PageProps) {
  const { cell } = grid;
  return (
    <svg
      viewBox={`0 0 ${paper.width} ${paper.height}`}
      style={{ "--page": `${paper.width}mm` }}
      aria-hidden="true"
    >
      <rect width={paper.width} height={paper.height} fill="#fff" />
      {places(paper, grid, count).map(({ x, y }) => (
        <g key={`${x} ${y}`}>
          <rect
            x={x}
            y={y}
            width={cell.width}
            height={cell.height}
            fill="none"
            stroke="#888"
            strokeWidth=".2"
            strokeDasharray="2 1.5"
          />
          <image
            href={source}
            x={x + (cell.width - picture.width) / 2}
            y={y + (cell.height - picture.height) / 2}
            width={picture.width}
            height={picture.height}
          />
        </g>
      ))}
    </svg>
  );
}
