import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";

import { Asked } from "@/components/asked";
import { Sheet } from "@/components/sheet";
import { Skeleton } from "@/components/states";
import { toast } from "@/components/toast";
import { isProblem } from "@/lib/api/problem";
import type { BrandKit, DesignOptions } from "@/lib/api/types";

import { designOptionsQuery } from "../../api";
import { PLAIN } from "../../colours";
import { DraftPicture } from "../../picture";
import { usePreview } from "../../preview";
import { useSaveFault } from "../../studio/faults";
import { SpokenVerdict, Verdict } from "../../verdict";
import { type NewKit, useKeptLooks } from "../api";
import { fillOf, withFill } from "../design";
import { FillEditor } from "../fill-editor";
import { LogoEditor } from "../logo-editor";
import { ReadyLooks } from "../ready-looks";
import { ColourList } from "./colour-list";
import { RulesFields } from "./rules-fields";

/** What the codes of a brand look like is shown by one with a usual address in it. */
const SAMPLE = "HTTPS://EXAMPLE.COM/A1B2C3";

type Props = { opened: boolean; onClose: () => void; kit: BrandKit | null };

/** A brand: its name, colours, sign and look, and what of them nobody else may change. */
export function KitSheet({ opened, onClose, kit }: Props) {
  const { t } = useLingui();
  const options = useQuery({ ...designOptionsQuery, enabled: opened });
  return (
    <Sheet opened={opened} onClose={onClose} title={kit ? kit.name : t`New brand`} width={560}>
      {opened ? (
        <Asked
          query={options}
          title={t`We cannot show the looks right now`}
          stillWorks={t`Your codes go on working.`}
          waiting={<Skeleton rows={4} />}
        >
          {(known) => <KitForm kit={kit} options={known} onClose={onClose} />}
        </Asked>
      ) : null}
    </Sheet>
  );
}

function KitForm({ kit, options, onClose }: Omit<Props, "opened"> & { options: DesignOptions }) {
  const { t } = useLingui();
  const { brand, rebrand } = useKeptLooks();
  const [value, setValue] = useState<NewKit>(() => ({
    name: kit?.name ?? "",
    design: kit?.design ?? PLAIN,
    colors: kit?.colors ?? [],
    locked: kit?.locked ?? [],
    least_contrast: kit?.least_contrast ?? null,
    is_default: kit?.is_default ?? true,
  }));
  const set = (change: Partial<NewKit>) => setValue((before) => ({ ...before, ...change }));
  const { picture, verdict, isBehind } = usePreview({ payload: SAMPLE, design: value.design });
  const failed = kit ? rebrand.error : brand.error;
  const failure = useSaveFault(failed);
  const busy = brand.isPending || rebrand.isPending;
  const save = async () => {
    const wanted = { ...value, name: value.name.trim() };
    try {
      if (kit) await rebrand.mutateAsync({ ...wanted, id: kit.id, version: kit.version });
      else await brand.mutateAsync(wanted);
      toast({ text: t`Saved` });
      onClose();
    } catch {
      // What is wrong stands in the form.
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!busy && value.name.trim() !== "") void save();
  };
  return (
    <form className="opts" onSubmit={submit} noValidate>
      <div className="kit-sample">
        <DraftPicture source={picture?.source} />
        {verdict ? <Verdict of={verdict} /> : null}
        <SpokenVerdict of={isBehind ? undefined : verdict} />
      </div>
      <TextInput
        label={t`Name of the brand`}
        value={value.name}
        maxLength={100}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <ColourList value={value.colors} onChange={(colors) => set({ colors })} />
      <ReadyLooks look={value.design} onChange={(design) => set({ design })} />
      <FillEditor
        legend={t`Colour of the dots`}
        value={fillOf(value.design, "dots")}
        brand={value.colors}
        stops={options.gradient_stops.most}
        onChange={(fill) => set({ design: withFill(value.design, "dots", fill) })}
      />
      <LogoEditor
        look={value.design}
        options={options}
        fault={undefined}
        onChange={(design) => set({ design })}
      />
      <RulesFields
        locked={value.locked}
        contrast={value.least_contrast}
        onLocked={(locked) => set({ locked })}
        onContrast={(contrast) => set({ least_contrast: contrast })}
      />
      <Switch
        label={t`New codes begin with it, and it rules all codes`}
        checked={value.is_default}
        onChange={(event) => set({ is_default: event.currentTarget.checked })}
      />
      {failed ? (
        <p className="tip tip-bad" role="alert">
          {isProblem(failed, "stale_version")
            ? t`Somebody else changed this brand meanwhile. Close it, open it again and repeat your change.`
            : failure}
        </p>
      ) : null}
      <Button type="submit" loading={busy} disabled={value.name.trim() === ""}>
        <Trans>Save</Trans>
      </Button>
    </form>
  );
}
