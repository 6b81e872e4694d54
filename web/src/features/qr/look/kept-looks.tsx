import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Checkbox, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconTrash } from "@tabler/icons-react";
import { type SubmitEvent, useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { ApiProblem } from "@/lib/api/problem";
import type { BrandKit } from "@/lib/api/types";
import { useWorkspace } from "@/lib/session";

import { designsQuery, kitsQuery, useKeptLooks } from "./api";
import { colorsOf, fillOf, type Look } from "./design";
import { usePartNames } from "./parts";

type Part = BrandKit["locked"][number];
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
  const names = usePartNames();
  const kept = useKeptLooks();
  const [name, setName] = useState("");
  const [isDefault, setDefault] = useState(false);
  const [locked, setLocked] = useState<Part[]>([]);
  const [contrast, setContrast] = useState("");
  const rules = locked.length > 0 || contrast !== "";
  const failed = kept.keep.error ?? kept.brand.error;
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
          least_contrast: contrast === "" ? null : Number(contrast),
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
          error={
            failed instanceof ApiProblem
              ? (failed.faults[0]?.detail ?? failed.message)
              : failed && t`That did not work. Try again.`
          }
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
              <Checkbox.Group value={locked} onChange={(parts) => setLocked(parts)} label={t`Stays as it is`}>
                <div className="checks">
                  {(Object.keys(names) as Part[]).map((part) => (
                    <Checkbox key={part} value={part} label={names[part]} />
                  ))}
                </div>
              </Checkbox.Group>
              <NativeSelect
                label={t`Least contrast of the colours`}
                value={contrast}
                onChange={(event) => setContrast(event.currentTarget.value)}
                data={[
                  { value: "", label: t`As the check of the code asks` },
                  { value: "4.5", label: t`Clear (4.5 : 1)` },
                  { value: "7", label: t`Very clear (7 : 1)` },
                ]}
              />
            </div>
          </details>
        ) : null}
        <Button type="submit" loading={busy} disabled={name.trim() === ""}>
          <Trans>Keep</Trans>
        </Button>
      </form>
      <Mine />
    </div>
  );
}

/** What is kept already, to use for new codes or to forget. */
function Mine() {
  const { t } = useLingui();
  const { role } = useWorkspace();
  const { data: designs } = useQuery(designsQuery);
  const { data: kits } = useQuery(kitsQuery);
  const kept = useKeptLooks();
  const rules = role === "owner" || role === "admin";
  if (!designs?.data.length && !kits?.data.length) return null;
  return (
    <section className="stack" aria-labelledby="kept" style={{ "--gap": "var(--sp-2)" }}>
      <h3 id="kept">
        <Trans>Kept looks</Trans>
      </h3>
      <ul className="kept-looks">
        {(kits?.data ?? []).map(({ id, name }) => (
          <li key={id}>
            <span className="grow breaks">
              {name} <small className="muted">{t`Brand`}</small>
            </span>
            {rules ? <Forget name={name} onForget={() => kept.unbrand.mutate(id)} /> : null}
          </li>
        ))}
        {(designs?.data ?? []).map(({ id, name, is_default: isDefault }) => (
          <li key={id}>
            <span className="grow breaks">{name}</span>
            <Switch
              aria-label={t`New codes begin with ${name}`}
              checked={isDefault}
              onChange={() => kept.change.mutate({ id, is_default: !isDefault })}
            />
            <Forget name={name} onForget={() => kept.forget.mutate(id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Forget({ name, onForget }: { name: string; onForget: () => void }) {
  const { t } = useLingui();
  return (
    <ActionIcon variant="subtle" aria-label={t`Forget ${name}`} onClick={onForget}>
      <Icon of={IconTrash} />
    </ActionIcon>
  );
}
