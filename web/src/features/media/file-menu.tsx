import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconCopy, IconExternalLink, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { type Action, ActionMenu } from "@/components/action-menu";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { isProblem } from "@/lib/api/problem";
import type { StoredFile } from "@/lib/api/types";
import { copyText } from "@/lib/copy";

import { useFileChanges } from "./api";
import { FileSheet, Uses } from "./file-sheet";
import type { LinkTo } from "./library";

type Props = { file: StoredFile; linkTo: LinkTo };

/** What can be done with a file. */
export function FileMenu({ file, linkTo }: Props) {
  const { t } = useLingui();
  const [sheet, setSheet] = useState<"details" | "used" | "forever" | null>(null);
  const { remove, restore } = useFileChanges();
  const { id, name } = file;
  const close = () => setSheet(null);
  const failed = () => toast({ text: t`That did not work. Nothing was changed.`, fault: true });
  const back = async () => {
    try {
      await restore.mutateAsync(id);
      toast({ text: t`The file is back.` });
    } catch (error) {
      if (isProblem(error, "quota_exceeded"))
        toast({
          text: t`There is no room left for files. Delete some that are not used any more.`,
          fault: true,
        });
      else failed();
    }
  };
  const drop = async (how: { force?: boolean; forever?: boolean }) => {
    close();
    try {
      await remove.mutateAsync({ id, ...how });
      if (how.forever) toast({ text: t`Removed for good.` });
      else toast({ text: t`The file is in the trash.`, undo: () => void back() });
    } catch (error) {
      // Somebody used it a moment ago: the list did not know yet.
      if (isProblem(error, "file_in_use")) setSheet("used");
      else failed();
    }
  };
  const copy = async () => {
    const copied = await copyText(file.url);
    toast(
      copied ? { text: t`Address copied` } : { text: t`Your browser does not let us copy.`, fault: true },
    );
  };
  const actions: Action[] = file.deleted_at
    ? [
        { icon: IconArrowBackUp, label: t`Bring back`, run: () => void back() },
        { icon: IconTrash, label: t`Remove for good`, bad: true, run: () => setSheet("forever") },
      ]
    : [
        { icon: IconPencil, label: t`Describe or replace`, run: () => setSheet("details") },
        {
          icon: IconExternalLink,
          label: t`Open`,
          run: () => void window.open(file.url, "_blank", "noopener,noreferrer"),
        },
        { icon: IconCopy, label: t`Copy its address`, run: () => void copy() },
        {
          icon: IconTrash,
          label: t`Delete`,
          bad: true,
          run: () => (file.uses.length > 0 ? setSheet("used") : void drop({})),
        },
      ];
  return (
    <>
      <ActionMenu label={t`What to do with ${name}`} title={name} actions={actions} />
      <FileSheet file={file} linkTo={linkTo} opened={sheet === "details"} onClose={close} />
      <Sheet opened={sheet === "used"} onClose={close} title={t`It is in use`}>
        <div className="stack">
          <p>
            <Plural
              value={file.uses.length}
              one="It is used in one place. Without it, whoever scans the code finds nothing, or a picture is missing."
              other="It is used in # places. Without it, whoever scans the codes finds nothing, or a picture is missing."
            />
          </p>
          <Uses file={file} linkTo={linkTo} />
          <Button onClick={() => setSheet("details")}>
            <Trans>Replace it instead</Trans>
          </Button>
          <Button variant="default" onClick={() => void drop({ force: true })}>
            <Trans>Delete it all the same</Trans>
          </Button>
        </div>
      </Sheet>
      <Sheet opened={sheet === "forever"} onClose={close} title={t`Remove for good?`}>
        <div className="stack">
          <p>
            <Trans>Nothing brings this file back.</Trans>
          </p>
          <Button color="red" onClick={() => void drop({ forever: true, force: true })}>
            <Trans>Remove for good</Trans>
          </Button>
        </div>
      </Sheet>
    </>
  );
}
