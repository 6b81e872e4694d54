import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconLock, IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import { Asked } from "@/components/asked";
import { Icon } from "@/components/icon";
import { Empty, Skeleton } from "@/components/states";
import type { BrandKit } from "@/lib/api/types";
import { useWorkspace } from "@/lib/session";

import { designsQuery, kitsQuery } from "../api";
import { usePartNames } from "../parts";
import { KitMenu, SavedMenu } from "./look-menus";
import { KitSheet } from "./kit-sheet";
import { LookRow } from "./look-row";

/** The brands of a workspace; one of them may rule all codes. */
export function Kits() {
  const { t } = useLingui();
  const { role } = useWorkspace();
  const may = role === "owner" || role === "admin";
  const kits = useQuery(kitsQuery);
  const [edited, setEdited] = useState<BrandKit | null>(null);
  const [opened, setOpened] = useState(false);
  const edit = (kit: BrandKit | null) => {
    setEdited(kit);
    setOpened(true);
  };
  return (
    <section className="card stack" aria-labelledby="brand">
      <div className="row spread wrap">
        <h2 id="brand">
          <Trans>Your brand</Trans>
        </h2>
        {may ? (
          <Button
            size="sm"
            variant="default"
            leftSection={<Icon of={IconPlus} />}
            aria-haspopup="dialog"
            onClick={() => edit(null)}
          >
            <Trans>New brand</Trans>
          </Button>
        ) : null}
      </div>
      <Asked
        query={kits}
        title={t`We cannot show the looks right now`}
        stillWorks={t`Your codes go on working.`}
        waiting={<Skeleton rows={2} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <p className="muted">
              {may ? (
                <Trans>
                  A brand keeps your colours and your sign at hand, and can keep others from changing them.
                </Trans>
              ) : (
                <Trans>There is none yet. Owners and admins can make one.</Trans>
              )}
            </p>
          ) : (
            <ul className="kept-looks">
              {data.map((kit) => (
                <LookRow
                  key={kit.id}
                  of="brand-kits"
                  look={kit}
                  menu={may ? <KitMenu kit={kit} onEdit={() => edit(kit)} /> : null}
                >
                  <LockedParts kit={kit} />
                </LookRow>
              ))}
            </ul>
          )
        }
      </Asked>
      <KitSheet kit={edited} opened={opened} onClose={() => setOpened(false)} />
    </section>
  );
}

function LockedParts({ kit }: { kit: BrandKit }) {
  const { t } = useLingui();
  const names = usePartNames();
  if (kit.locked.length === 0) return null;
  const parts = kit.locked.map((part) => names[part]).join(" · ");
  return (
    <span className="row small muted" style={{ "--gap": "6px" }}>
      <Icon of={IconLock} />
      <span>{t`Stays as it is: ${parts}`}</span>
    </span>
  );
}

/** Looks that were kept under a name. */
export function SavedLooks() {
  const { t } = useLingui();
  const designs = useQuery(designsQuery);
  return (
    <section className="card stack" aria-labelledby="kept">
      <h2 id="kept">
        <Trans>Kept looks</Trans>
      </h2>
      <Asked
        query={designs}
        title={t`We cannot show the looks right now`}
        stillWorks={t`Your codes go on working.`}
        waiting={<Skeleton rows={2} />}
      >
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={t`No look is kept yet`}>
              <p>
                <Trans>When a code looks as you like it, choose “Keep this look” beside it.</Trans>
              </p>
            </Empty>
          ) : (
            <ul className="kept-looks">
              {data.map((look) => (
                <LookRow key={look.id} of="qr-designs" look={look} menu={<SavedMenu look={look} />} />
              ))}
            </ul>
          )
        }
      </Asked>
    </section>
  );
}
