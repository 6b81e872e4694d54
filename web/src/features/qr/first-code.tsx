import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconPlus } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import { Empty } from "@/components/states";

import { FirstCodePicture } from "./first-code-picture";

/** What stands where codes will be: the way to the first one. */
export function FirstCode() {
  const { t } = useLingui();
  return (
    <Empty
      picture={<FirstCodePicture />}
      title={t`Your first code takes half a minute`}
      actions={
        <Button component={Link} to="/app/new" leftSection={<Icon of={IconPlus} />}>
          {t`New code`}
        </Button>
      }
    >
      <p>{t`Put it on the counter. You will see here how many people scan it.`}</p>
    </Empty>
  );
}
