import { ActionIcon, Popover } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconDotsVertical, type Icon as Shape } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "./icon";
import { Sheet } from "./sheet";

export type Action = { icon: Shape; label: string; hint?: string; bad?: boolean; run: () => void };

type Props = { label: string; title: string; actions: Action[]; icon?: Shape };

/** What can be done with a thing: a sheet on a phone, beside its button on a desktop. */
export function ActionMenu({ label, title, actions, icon = IconDotsVertical }: Props) {
  const wide = useMediaQuery("(min-width: 1080px)", false, { getInitialValueInEffect: false });
  const [opened, setOpened] = useState(false);
  const button = (
    <ActionIcon variant="subtle" aria-label={label} aria-haspopup="dialog" onClick={() => setOpened(!opened)}>
      <Icon of={icon} />
    </ActionIcon>
  );
  const list = (
    <div className="menulist">
      {actions.map(({ icon: shape, label: text, hint, bad, run }) => (
        <button
          key={text}
          type="button"
          className={bad ? "bad" : undefined}
          onClick={() => {
            setOpened(false);
            run();
          }}
        >
          <Icon of={shape} />
          <span>
            {text}
            {hint ? <small>{hint}</small> : null}
          </span>
        </button>
      ))}
    </div>
  );
  if (wide) {
    return (
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={260} trapFocus returnFocus>
        <Popover.Target>{button}</Popover.Target>
        <Popover.Dropdown aria-label={title}>{list}</Popover.Dropdown>
      </Popover>
    );
  }
  return (
    <>
      {button}
      <Sheet opened={opened} onClose={() => setOpened(false)} title={title}>
        {list}
      </Sheet>
    </>
  );
}
