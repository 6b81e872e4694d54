import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import {
  IconArchive,
  IconArchiveOff,
  IconCopyCheck,
  IconCopyPlus,
  IconDownload,
  IconForms,
  IconPalette,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconQrcode,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";

import { type Action, ActionMenu } from "@/components/action-menu";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import type { Code } from "@/lib/api/types";

import { useDuplicateCode } from "./api";
import { useStateActions } from "./code-state";
import { useDelete } from "./deletion";
import { GiveLook } from "./look/give/give-look";
import { RenameSheet } from "./rename-sheet";

type Props = { code: Code; within: "list" | "page" };

/** Everything that can be done with a code. */
export function CodeMenu({ code, within }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [sheet, setSheet] = useState<"rename" | "look" | "delete" | null>(null);
  const change = useStateActions();
  const duplicate = useDuplicateCode();
  const remove = useDelete();
  const { name } = code;
  const close = () => setSheet(null);
  const reallyRemove = () => {
    close();
    void remove(code);
    if (within === "page") void navigate({ to: "/app/codes" });
  };
  const open = () => void navigate({ to: "/app/codes/$codeId", params: { codeId: code.id } });
  const studio = (step: "content" | "look" | "download") =>
    void navigate({ to: "/app/codes/$codeId/edit", params: { codeId: code.id }, search: { step } });
  const copy = async () => {
    try {
      const made = await duplicate.mutateAsync(code.id);
      toast({ text: t`A copy is made` });
      await navigate({ to: "/app/codes/$codeId", params: { codeId: made.id } });
    } catch {
      toast({ text: t`That did not work. Nothing was changed.`, fault: true });
    }
  };

  const listed: Action[] = [
    { icon: IconQrcode, label: t`Open`, run: open },
    { icon: IconDownload, label: t`Download`, run: () => studio("download") },
  ];
  const state: Action[] =
    code.kind === "fixed" || code.status === "archived"
      ? []
      : code.status === "paused"
        ? [{ icon: IconPlayerPlay, label: t`Make it live again`, run: () => change(code, "resume") }]
        : code.status === "active"
          ? [{ icon: IconPlayerPause, label: t`Pause`, run: () => change(code, "pause") }]
          : [];
  const actions: Action[] = [
    ...(within === "list" ? [...listed, ...state] : []),
    { icon: IconPencil, label: t`Rename`, run: () => setSheet("rename") },
    { icon: IconForms, label: t`Change what it holds`, run: () => studio("content") },
    { icon: IconPalette, label: t`Change the look`, run: () => studio("look") },
    { icon: IconCopyCheck, label: t`Use this look for …`, run: () => setSheet("look") },
    { icon: IconCopyPlus, label: t`Make a copy`, run: () => void copy() },
    code.status === "archived"
      ? { icon: IconArchiveOff, label: t`Take back into the list`, run: () => change(code, "restore") }
      : {
          icon: IconArchive,
          label: t`Put away`,
          hint: t`It goes on working`,
          run: () => change(code, "archive"),
        },
    {
      icon: IconTrash,
      label: t`Delete`,
      bad: true,
      run: code.kind === "dynamic" ? () => setSheet("delete") : reallyRemove,
    },
  ];
  return (
    <>
      <ActionMenu label={t`What to do with ${name}`} title={code.name} actions={actions} />
      <GiveLook look={code.design} except={code.id} opened={sheet === "look"} onClose={close} />
      <RenameSheet code={code} opened={sheet === "rename"} onClose={close} />
      <Sheet opened={sheet === "delete"} onClose={close} title={t`Prints of it stop working`}>
        <div className="stack">
          <p>
            <Trans>
              Whoever scans a printed “{name}” then finds nothing. Put away, it leaves your list and goes on
              working.
            </Trans>
          </p>
          {code.status === "archived" ? null : (
            <Button
              onClick={() => {
                close();
                change(code, "archive");
              }}
            >
              {t`Put away instead`}
            </Button>
          )}
          <Button variant="default" onClick={reallyRemove}>
            {t`Delete it`}
          </Button>
        </div>
      </Sheet>
    </>
  );
}
