import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconArrowBackUp,
  IconBuildingStore,
  IconDots,
  IconDownload,
  IconFolder,
  IconPlayerPause,
  IconPlayerPlay,
  IconTag,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";

import { type Action, ActionMenu } from "@/components/action-menu";
import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import type { Code } from "@/lib/api/types";
import { useMe, useWorkspace } from "@/lib/session";

import { ExportSheet } from "./export-sheet";
import { useListActions } from "./list-actions";
import type { Chosen } from "./list-all";
import { MoveSheet, TagSheet } from "./list-sheets";

type Opened = "move" | "tag" | "export" | "transfer" | "remove" | null;
type Props = { chosen: Chosen };

/** What can be done with the chosen codes. On a phone the first action is in the bar, the others are behind it. */
export function ListBar({ chosen: { codes, none: onNone, others: rest, whole } }: Props) {
  const { t } = useLingui();
  const [opened, setOpened] = useState<Opened>(null);
  const actions = useListActions();
  const shops = useMe().workspaces.length;
  const trash = codes.every(({ status }) => status === "deleted");
  const count = codes.length;
  const then = (work: Promise<void>) => void work.then(onNone);

  const inTrash: [Action, ...Action[]] = [
    { icon: IconArrowBackUp, label: t`Bring back`, run: () => then(actions.restore(codes)) },
    { icon: IconTrash, label: t`Remove for good`, bad: true, run: () => setOpened("remove") },
  ];
  const some = (status: Code["status"]) =>
    codes.some((code) => code.status === status && code.kind === "dynamic");
  const inList: [Action, ...Action[]] = [
    { icon: IconDownload, label: t`Download`, run: () => setOpened("export") },
    { icon: IconFolder, label: t`Folder`, run: () => setOpened("move") },
    { icon: IconTag, label: t`Tag`, run: () => setOpened("tag") },
    ...(some("active")
      ? [{ icon: IconPlayerPause, label: t`Pause`, run: () => then(actions.pause(codes)) }]
      : some("paused")
        ? [{ icon: IconPlayerPlay, label: t`Make it live again`, run: () => then(actions.resume(codes)) }]
        : []),
    codes.every(({ status }) => status === "archived")
      ? { icon: IconArchiveOff, label: t`Take back into the list`, run: () => then(actions.takeBack(codes)) }
      : { icon: IconArchive, label: t`Put away`, run: () => then(actions.putAway(codes)) },
    ...(shops > 1
      ? [{ icon: IconBuildingStore, label: t`To another shop`, run: () => setOpened("transfer") }]
      : []),
    { icon: IconTrash, label: t`Delete`, bad: true, run: () => then(actions.remove(codes)) },
  ];
  const [first, ...others] = trash ? inTrash : inList;
  const close = () => setOpened(null);
  return (
    <>
      <div className="bulk" role="toolbar" aria-label={t`For the chosen codes`}>
        <span className="grow" role="status">
          {plural(count, { one: "# chosen", other: "# chosen" })}
        </span>
        {rest ? (
          <Button className="rest" variant="subtle" loading={rest.isBusy} onClick={rest.choose}>
            {t`Choose all`}
          </Button>
        ) : null}
        <BarButton action={first} busy={actions.busy} />
        {others.slice(0, 3).map((action) => (
          <span key={action.label} className="only-desk">
            <BarButton action={action} busy={actions.busy} />
          </span>
        ))}
        <span className={others.length > 3 ? undefined : "only-mob"}>
          <ActionMenu
            label={t`More for the chosen codes`}
            title={plural(count, { one: "# chosen", other: "# chosen" })}
            actions={others}
            icon={IconDots}
          />
        </span>
        <ActionIcon variant="subtle" aria-label={t`Choose none`} onClick={onNone}>
          <Icon of={IconX} />
        </ActionIcon>
      </div>
      <MoveSheet codes={codes} opened={opened === "move"} onClose={close} />
      <TagSheet codes={codes} opened={opened === "tag"} onClose={close} />
      <ExportSheet codes={codes} whole={whole} opened={opened === "export"} onClose={close} />
      <TransferSheet
        opened={opened === "transfer"}
        onClose={close}
        onShop={(shop) => {
          close();
          then(actions.transfer(codes, shop));
        }}
      />
      <Sheet opened={opened === "remove"} onClose={close} title={t`Remove for good?`}>
        <div className="stack">
          <p>
            <Trans>Nothing brings these codes back, and their short addresses are never used again.</Trans>
          </p>
          <Button
            color="red"
            onClick={() => {
              close();
              then(actions.removeForGood(codes));
            }}
          >
            <Trans>Remove for good</Trans>
          </Button>
        </div>
      </Sheet>
    </>
  );
}

function BarButton({ action: { icon, label, run }, busy }: { action: Action; busy: boolean }) {
  return (
    <Button variant="subtle" disabled={busy} leftSection={<Icon of={icon} />} onClick={run}>
      {label}
    </Button>
  );
}

/** Chooses another shop of the same person. */
function TransferSheet(props: { opened: boolean; onClose: () => void; onShop: (id: string) => void }) {
  const { t } = useLingui();
  const { workspaces } = useMe();
  const here = useWorkspace();
  return (
    <Sheet opened={props.opened} onClose={props.onClose} title={t`To which shop?`}>
      <div className="stack">
        <p className="muted">
          <Trans>
            Addresses and looks go along. What was counted so far stays in the figures of this shop.
          </Trans>
        </p>
        <div className="menulist">
          {workspaces
            .filter(({ id }) => id !== here.id)
            .map(({ id, name }) => (
              <button key={id} type="button" onClick={() => props.onShop(id)}>
                <Icon of={IconBuildingStore} />
                <span>{name}</span>
              </button>
            ))}
        </div>
      </div>
    </Sheet>
  );
}
