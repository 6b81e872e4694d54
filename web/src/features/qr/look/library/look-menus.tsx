import { useLingui } from "@lingui/react/macro";
import { IconCopyCheck, IconPencil, IconStar, IconStarOff, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { type Action, ActionMenu } from "@/components/action-menu";
import { toast } from "@/components/toast";
import type { BrandKit, SavedDesign } from "@/lib/api/types";

import { useKeptLooks } from "../api";
import { GiveLook } from "../give/give-look";

type Change = {
  look: BrandKit | SavedDesign;
  onDefault: (is: boolean) => Promise<unknown>;
  onForget: () => Promise<unknown>;
  onBack: () => Promise<unknown>;
};

/** What can be done with a brand; only owners and admins see it. */
export function KitMenu({ kit, onEdit }: { kit: BrandKit; onEdit: () => void }) {
  const { t } = useLingui();
  const { brand, rebrand, unbrand } = useKeptLooks();
  const { id, version, name, design, colors, locked, least_contrast, is_default } = kit;
  return (
    <LookMenu
      look={kit}
      first={[{ icon: IconPencil, label: t`Change the brand`, run: onEdit }]}
      onDefault={(is) => rebrand.mutateAsync({ id, version, is_default: is })}
      onForget={() => unbrand.mutateAsync(id)}
      onBack={() => brand.mutateAsync({ name, design, colors, locked, least_contrast, is_default })}
    />
  );
}

/** What can be done with a look that is kept. */
export function SavedMenu({ look }: { look: SavedDesign }) {
  const { change, forget, keep } = useKeptLooks();
  const { id, name, design, is_default } = look;
  return (
    <LookMenu
      look={look}
      first={[]}
      onDefault={(is) => change.mutateAsync({ id, is_default: is })}
      onForget={() => forget.mutateAsync(id)}
      onBack={() => keep.mutateAsync({ name, design, is_default })}
    />
  );
}

function LookMenu({ look, first, onDefault, onForget, onBack }: Change & { first: Action[] }) {
  const { t } = useLingui();
  const [giving, setGiving] = useState(false);
  const { name, is_default: usual } = look;
  const attempt = async (work: () => Promise<unknown>, said?: { text: string; undo?: () => void }) => {
    try {
      await work();
      if (said) toast(said);
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    }
  };
  const actions: Action[] = [
    ...first,
    usual
      ? {
          icon: IconStarOff,
          label: t`New codes begin plain again`,
          run: () => void attempt(() => onDefault(false)),
        }
      : {
          icon: IconStar,
          label: t`New codes begin with it`,
          run: () => void attempt(() => onDefault(true)),
        },
    { icon: IconCopyCheck, label: t`Use this look for …`, run: () => setGiving(true) },
    {
      icon: IconTrash,
      label: t`Forget it`,
      hint: t`Codes keep their look`,
      bad: true,
      run: () =>
        void attempt(onForget, { text: t`The look is forgotten.`, undo: () => void attempt(onBack) }),
    },
  ];
  return (
    <>
      <ActionMenu label={t`What to do with ${name}`} title={name} actions={actions} />
      <GiveLook look={look.design} except={undefined} opened={giving} onClose={() => setGiving(false)} />
    </>
  );
}
