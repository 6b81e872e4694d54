import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { Seg } from "@/components/seg";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { isProblem } from "@/lib/api/problem";
import type { Code } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";
import { currentLocale } from "@/lib/i18n";

import { type CodeFilter, designOptionsQuery, fitting } from "./api";
import { type Format, usualFirst } from "./download/formats";
import { asked, boundsOf, type Unit } from "./download/size";
import { SizeField } from "./download/size-field";
import { MOST_AT_ONCE } from "./list-actions";
import { type ExportRequest, useExport } from "./list-api";
import { inLocale } from "./schema";

type Props = {
  codes: Code[];
  /** The filter of which the codes are everything. */
  whole: CodeFilter | undefined;
  opened: boolean;
  onClose: () => void;
};
type Form = NonNullable<ExportRequest["formats"]>[number];

/** One's own pattern in place of the usual ones. */
const OWN = "own";

/** Many codes as one file: their pictures, or the list of them. */
export function ExportSheet({ codes, whole, opened, onClose }: Props) {
  const { t } = useLingui();
  const { data: options } = useQuery({ ...designOptionsQuery, enabled: opened });
  const [what, setWhat] = useState<"zip" | "xlsx" | "csv">("zip");
  const [formats, setFormats] = useState<string[]>(["png"]);
  const [sized, setSized] = useState<{ size: number; unit: Unit }>({ size: 1200, unit: "px" });
  const [naming, setNaming] = useState("{name}");
  const [pattern, setPattern] = useState("{number}-{name}");
  const send = useExport();
  const bounds = boundsOf(options, sized.unit);
  const most = formatNumber(MOST_AT_ONCE);
  const tooMany = !whole && codes.length > MOST_AT_ONCE;
  const fits = sized.size >= bounds[0] && sized.size <= bounds[1];
  const wrong = isProblem(send.error, 422)
    ? send.error.faults.find(({ code }) => code === "pattern_invalid")
    : undefined;
  const start = async () => {
    const pictures = {
      formats: formats as Form[],
      name: naming === OWN ? pattern : naming,
      ...asked(sized.size, sized.unit),
    };
    const request: ExportRequest = {
      ...(whole ? { filter: fitting(whole) } : { ids: codes.map(({ id }) => id) }),
      as: what,
      ...(what === "zip" ? pictures : {}),
    };
    try {
      await send.mutateAsync(request);
      onClose();
    } catch (error) {
      if (isProblem(error, 422) && error.faults.some(({ code }) => code === "pattern_invalid")) return;
      toast({ text: t`The file could not be made. Try again.`, fault: true });
    }
  };
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Download many`}>
      <div className="stack">
        <Seg
          label={t`What`}
          value={what}
          onChange={setWhat}
          options={[
            { value: "zip", label: t`Pictures` },
            { value: "xlsx", label: t`List (Excel)` },
            { value: "csv", label: t`List (CSV)` },
          ]}
        />
        {what === "zip" ? (
          <>
            <Formats offered={options?.formats ?? []} chosen={formats} onChange={setFormats} />
            <SizeField wanted={sized} bounds={bounds} onChange={setSized} />
            <Seg
              label={t`Names of the files`}
              value={naming}
              onChange={setNaming}
              options={[
                { value: "{name}", label: t`Name` },
                { value: "{number}-{name}", label: t`Number and name` },
                { value: "{folder}/{name}", label: t`In folders` },
                { value: OWN, label: t`Your own` },
              ]}
            />
            {naming === OWN ? (
              <TextInput
                label={t`Pattern of the names`}
                description="{number} {name} {slug} {folder} {external_id} {id}"
                value={pattern}
                maxLength={200}
                error={wrong ? t`Write at least one of the words in braces, spelled as above.` : undefined}
                onChange={(event) => {
                  setPattern(event.currentTarget.value);
                  send.reset();
                }}
              />
            ) : null}
          </>
        ) : null}
        {tooMany ? (
          <p className="tip tip-warn" role="status">
            <Trans>One file holds {most} chosen codes, or all that fit a filter. Choose all, or fewer.</Trans>
          </p>
        ) : null}
        <Button
          loading={send.isPending}
          disabled={tooMany || (what === "zip" && (formats.length === 0 || !fits))}
          leftSection={<Icon of={IconDownload} />}
          onClick={() => void start()}
        >
          <Trans>Download</Trans>
        </Button>
      </div>
    </Sheet>
  );
}

type FormatsProps = { offered: Format[]; chosen: string[]; onChange: (chosen: string[]) => void };

function Formats({ offered, chosen, onChange }: FormatsProps) {
  const locale = currentLocale();
  return (
    <fieldset className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <legend>
        <Trans>File</Trans>
      </legend>
      {usualFirst(offered).map(({ name, title, help }) => (
        <Checkbox
          key={name}
          label={inLocale(title, locale)}
          description={inLocale(help, locale)}
          checked={chosen.includes(name)}
          onChange={(event) =>
            onChange(event.currentTarget.checked ? [...chosen, name] : chosen.filter((each) => each !== name))
          }
        />
      ))}
    </fieldset>
  );
}
