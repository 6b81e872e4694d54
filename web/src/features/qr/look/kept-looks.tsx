import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconChevronRight } from "@tabler/icons-react";
import { type SubmitEvent, useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { useWorkspace } from "@/lib/session";

import { useSaveFault } from "../studio/faults";
import { useKeptLooks } from "./api";
import { colorsOf, fillOf, type Look } from "./design";
import { RulesFields } from "./library/rules-fields";
import type { Part } from "./parts";

type Props = { look: Look; opened: boolean; onClose: () => void };

/** Keep a look under a name, for the next code or as the brand that all codes follow. */
export function KeptLooks({ look, opened, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Keep this look`}>
      {opened ? <KeepForm look={look} onClose={onClose} /> : null}
    </Sheet>
  );
}

function KeepForm({ look, onClose }: Omit<Props, "opened">) {
  const { t } = useLingui();
  const { role } = useWorkspace();
  const kept = useKeptLooks();
  const [name, setName] = useState("");
  const [isDefault, setDefault] = useState(false);
  const [locked, setLocked] = useState<Part[]>([]);
  const [contrast, setContrast] = useState<number | null>(null);
  const rules = locked.length > 0 || contrast !== null;
  const failure = useSaveFault(kept.keep.error ?? kept.brand.error);
  const busy = kept.keep.isPending || kept.brand.isPending;
  const save = async () => {
    const shared = { name: name.trim(), design: look, is_default: isDefault || rules };
    try {
      if (rules) {
        await kept.brand.mutateAsync({
          ...shared,
          colors: [
            ...new Set(
              (["dots", "frames", "balls"] as const).flatMap((part) => colorsOf(fillOf(look, part))),
            ),
          ],
          locked,
          least_contrast: contrast,
        });
      } else await kept.keep.mutateAsync(shared);
      toast({ text: t`The look is kept` });
      onClose();
    } catch {
      // What is wrong stands in the form.
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!busy && name.trim() !== "") void save();
  };
  return (
    <div className="stack">
      <form className="stack" onSubmit={submit} noValidate>
        <TextInput
          label={t`Name of the look`}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          error={failure}
          data-autofocus
        />
        <Switch
          label={t`New codes begin with it`}
          checked={isDefault || rules}
          disabled={rules}
          onChange={(event) => setDefault(event.currentTarget.checked)}
        />
        {role === "owner" || role === "admin" ? (
          <details className="more">
            <summary>
              <Trans>Our brand: what nobody else may change</Trans>
            </summary>
            <div className="stack">
              <RulesFields
                locked={locked}
                contrast={contrast}
                onLocked={setLocked}
                onContrast={setContrast}
              />
            </div>
          </details>
        ) : null}
        <Button type="submit" loading={busy} disabled={name.trim() === ""}>
          <Trans>Keep</Trans>
        </Button>
      </form>
      <p className="small">
        <Link className="link" to="/app/looks">
          <Trans>Your brand and kept looks</Trans> <Icon of={IconChevronRight} turns />
        </Link>
      </p>
    </div>
  );
}
