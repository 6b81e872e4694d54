import { useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch, IconTrash } from "@tabler/icons-react";
import { useRef, useState } from "react";

import { Icon } from "@/components/icon";
import { Empty } from "@/components/states";

/** Searches while one types; `/` comes here from anywhere on the page. */
export function SearchField({ start, onSearch }: { start: string; onSearch: (text: string) => void }) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(start);
  const [seen, setSeen] = useState(start);
  const [wanted, setWanted] = useState(start);
  const search = useDebouncedCallback((next: string) => {
    setWanted(next);
    onSearch(next);
  }, 200);
  // The address was changed by something else: "Show all", or the browser's way back.
  if (start !== seen) {
    setSeen(start);
    if (start !== wanted) setText(start);
  }
  useHotkeys([["/", () => field.current?.focus()]]);
  return (
    <TextInput
      ref={field}
      className="grow"
      type="search"
      aria-label={t`Find a code`}
      placeholder={t`Name, place or tag`}
      leftSection={<Icon of={IconSearch} />}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        search(value.trim());
      }}
    />
  );
}

/** What stands where no code fits. */
export function NothingFound({
  q,
  trash,
  onAll,
}: {
  q: string | undefined;
  trash: boolean;
  onAll: () => void;
}) {
  const { t } = useLingui();
  if (trash && !q) {
    return (
      <Empty
        picture={<Icon of={IconTrash} />}
        title={t`The trash is empty`}
        actions={<Button variant="default" onClick={onAll}>{t`Show all codes`}</Button>}
      />
    );
  }
  return (
    <Empty
      picture={<Icon of={IconSearch} />}
      title={q ? t`No code called “${q}”` : t`Nothing here`}
      actions={<Button variant="default" onClick={onAll}>{t`Show all codes`}</Button>}
    />
  );
}
