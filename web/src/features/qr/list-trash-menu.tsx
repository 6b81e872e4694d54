import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { ActionMenu } from "@/components/action-menu";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { useListActions } from "./list-actions";
import { useRemoveForGood } from "./list-api";

/** What can be done with a code in the trash. */
export function TrashMenu({ code }: { code: Code }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const { restore } = useListActions();
  const remove = useRemoveForGood();
  const { name } = code;
  const removeForGood = async () => {
    setAsked(false);
    try {
      await remove.mutateAsync(code.id);
      toast({ text: t`Removed for good.` });
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    }
  };
  return (
    <>
      <ActionMenu
        label={t`What to do with ${name}`}
        title={name}
        actions={[
          { icon: IconArrowBackUp, label: t`Bring back`, run: () => void restore([code]) },
          { icon: IconTrash, label: t`Remove for good`, bad: true, run: () => setAsked(true) },
        ]}
      />
      <Sheet opened={asked} onClose={() => setAsked(false)} title={t`Remove for good?`}>
        <div className="stack">
          <p>
            <Trans>Nothing brings this code back, and its short address is never used again.</Trans>
          </p>
          <Button color="red" onClick={() => void removeForGood()}>
            <Trans>Remove for good</Trans>
          </Button>
        </div>
      </Sheet>
    </>
  );
}
