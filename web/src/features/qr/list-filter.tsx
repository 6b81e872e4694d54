import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";
import { Sheet } from "@/components/sheet";
import { toast } from "@/components/toast";
import { formatNumber } from "@/lib/format";

import { contentTypesQuery } from "./api";
import { type Folder, foldersQuery, tagsQuery, useFolderChange } from "./list-api";

export type ListFilter = {
  folder?: string | undefined;
  tag?: string[] | undefined;
  type?: string | undefined;
  kind?: "dynamic" | "fixed" | undefined;
};

type Props = {
  opened: boolean;
  onClose: () => void;
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
};

/** Folder, tags, contents and kind: what narrows a list down. It does so when the sheet is closed by its button. */
export function FilterSheet({ opened, onClose, ...form }: Props) {
  const { t } = useLingui();
  return (
    <Sheet opened={opened} onClose={onClose} title={t`Filter`}>
      <FilterForm {...form} />
    </Sheet>
  );
}

function FilterForm({ filter: before, onFilter }: Pick<Props, "filter" | "onFilter">) {
  const { t, i18n } = useLingui();
  const [filter, setFilter] = useState(before);
  const { data: folders = [] } = useQuery(foldersQuery);
  const { data: tags = [] } = useQuery(tagsQuery);
  const { data: types } = useQuery(contentTypesQuery);
  const language = i18n.locale === "hi" ? "hi" : "en";
  const set = (change: ListFilter) => setFilter({ ...filter, ...change });
  const chosen = folders.find(({ id }) => id === filter.folder);
  const tagged = filter.tag ?? [];
  return (
    <div className="stack roomy">
      <Choice
        label={t`Folder`}
        value={filter.folder}
        options={[
          ...folders.map(({ id, name, codes }) => ({ value: id, label: `${name} ${formatNumber(codes)}` })),
          ...(folders.length > 0 ? [{ value: "none", label: t`No folder` }] : []),
        ]}
        onChange={(folder) => set({ folder })}
      />
      {chosen ? (
        <FolderEditor key={chosen.id} folder={chosen} onGone={() => set({ folder: undefined })} />
      ) : null}
      {tags.length > 0 ? (
        <fieldset className="field">
          <legend className="label">{t`Tags`}</legend>
          <div className="chips wrapped">
            {tags.map(({ tag, codes }) => (
              <button
                key={tag}
                type="button"
                className="chip"
                aria-pressed={tagged.includes(tag)}
                onClick={() =>
                  set({
                    tag: tagged.includes(tag) ? tagged.filter((each) => each !== tag) : [...tagged, tag],
                  })
                }
              >
                {tag} {formatNumber(codes)}
              </button>
            ))}
          </div>
        </fieldset>
      ) : null}
      <Choice
        label={t`Counted or not`}
        value={filter.kind}
        options={[
          { value: "dynamic" as const, label: t`Changeable later, and counted` },
          { value: "fixed" as const, label: t`Holds everything itself` },
        ]}
        onChange={(kind) => set({ kind })}
      />
      <Choice
        label={t`What they hold`}
        value={filter.type}
        options={(types?.data ?? []).map(({ type, title }) => ({ value: type, label: title[language] }))}
        onChange={(type) => set({ type })}
      />
      <div className="row">
        <Button variant="subtle" onClick={() => setFilter({})}>
          <Trans>Clear</Trans>
        </Button>
        <Button className="grow" onClick={() => onFilter(filter)}>
          <Trans>Show the codes</Trans>
        </Button>
      </div>
    </div>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T | undefined;
  options: { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
}) {
  if (props.options.length === 0) return null;
  return (
    <fieldset className="field">
      <legend className="label">{props.label}</legend>
      <div className="chips wrapped">
        {props.options.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className="chip"
            aria-pressed={props.value === value}
            onClick={() => props.onChange(props.value === value ? undefined : value)}
          >
            {label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** Gives the chosen folder another name, or deletes it; its codes stay. */
function FolderEditor({ folder, onGone }: { folder: Folder; onGone: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(folder.name);
  const change = useFolderChange();
  const fail = () =>
    toast({ text: t`That did not work. Perhaps another folder has this name.`, fault: true });
  return (
    <form
      className="row end wrap"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ rename: folder.id, name: name.trim() }, { onError: fail });
      }}
    >
      <TextInput
        className="grow"
        label={t`Name of the folder`}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        type="submit"
        variant="default"
        disabled={!name.trim() || name.trim() === folder.name}
        leftSection={<Icon of={IconPencil} />}
      >
        <Trans>Rename</Trans>
      </Button>
      <Button
        variant="default"
        leftSection={<Icon of={IconTrash} />}
        onClick={() =>
          change.mutate(
            { remove: folder.id },
            {
              onError: fail,
              onSuccess: () => {
                onGone();
                toast({ text: t`The folder is gone. Its codes are still there.` });
              },
            },
          )
        }
      >
        <Trans>Delete folder</Trans>
      </Button>
    </form>
  );
}
