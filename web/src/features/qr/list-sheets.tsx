import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconFolder, IconFolderOff, IconPlus, IconTag } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import { isProblem } from "@/lib/api/problem";
import type { Code } from "@/lib/api/types";

import { useListActions } from "./list-actions";
import { foldersQuery, tagsQuery, useFolderChange } from "./list-api";

type Props = { codes: Code[]; opened: boolean; onClose: () => void };

/** Puts codes into a folder, an old or a new one, or takes them out. */
export function MoveSheet({ codes, opened, onClose }: Props) {
  const { t } = useLingui();
  const { data: folders = [] } = useQuery({ ...foldersQuery, enabled: opened });
  const { move } = useListActions();
  const make = useFolderChange();
  const [name, setName] = useState("");
  const put = (folder: string | null) => {
    onClose();
    void move(codes, folder);
  };
  const putIntoNew = async () => {
    try {
      const folder = await make.mutateAsync({ make: name.trim() });
      setName("");
      if (folder) put(folder.id);
    } catch {
      // the fault stands at the field
    }
  };
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Which folder?`}>
      <div className="stack">
        <div className="menulist">
          {folders.map((folder) => (
            <button key={folder.id} type="button" onClick={() => put(folder.id)}>
              <Icon of={IconFolder} />
              <span>{folder.name}</span>
            </button>
          ))}
          <button type="button" onClick={() => put(null)}>
            <Icon of={IconFolderOff} />
            <span>{t`No folder`}</span>
          </button>
        </div>
        <form
          className="row end"
          onSubmit={(event) => {
            event.preventDefault();
            void putIntoNew();
          }}
        >
          <TextInput
            className="grow"
            label={t`New folder`}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={isProblem(make.error, 409) ? t`There is a folder with this name.` : null}
          />
          <Button
            type="submit"
            disabled={!name.trim()}
            loading={make.isPending}
            leftSection={<Icon of={IconPlus} />}
          >
            <Trans>Make</Trans>
          </Button>
        </form>
      </div>
    </Sheet>
  );
}

/** Puts a tag on codes, or takes one off. */
export function TagSheet({ codes, opened, onClose }: Props) {
  const { t } = useLingui();
  const { data: tags = [] } = useQuery({ ...tagsQuery, enabled: opened });
  const actions = useListActions();
  const [text, setText] = useState("");
  const onAll = (tag: string) =>
    codes.every((code) => code.tags.some((each) => each.toLowerCase() === tag.toLowerCase()));
  const toggle = (tag: string) => {
    onClose();
    void (onAll(tag) ? actions.untag(codes, tag) : actions.tag(codes, tag));
  };
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Which tag?`}>
      <div className="stack">
        {tags.length > 0 ? (
          <div className="chips" role="group" aria-label={t`Tags`}>
            {tags.map(({ tag }) => (
              <button
                key={tag}
                type="button"
                className="chip"
                aria-pressed={onAll(tag)}
                onClick={() => toggle(tag)}
              >
                {tag}
              </button>
            ))}
          </div>
        ) : null}
        <form
          className="row end"
          onSubmit={(event) => {
            event.preventDefault();
            onClose();
            void actions.tag(codes, text.trim());
            setText("");
          }}
        >
          <TextInput
            className="grow"
            label={t`New tag`}
            maxLength={50}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!text.trim()} leftSection={<Icon of={IconTag} />}>
            <Trans>Put on</Trans>
          </Button>
        </form>
      </div>
    </Sheet>
  );
}
