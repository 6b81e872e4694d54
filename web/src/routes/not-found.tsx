import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { Alone } from "@/components/alone";

export function NotFound() {
  const { t } = useLingui();
  return (
    <Alone title={t`There is no such page`}>
      <p>{t`The address may have a letter too many or too few. Your codes go on working.`}</p>
      <Button component={Link} to="/app">
        {t`Go to your codes`}
      </Button>
    </Alone>
  );
}
