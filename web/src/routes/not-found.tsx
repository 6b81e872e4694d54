import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { usePageTitle } from "@/components/page";
import { Empty } from "@/components/states";

export function NotFound() {
  const { t } = useLingui();
  usePageTitle(t`Not found`);
  return (
    <main id="main" className="alone">
      <Empty
        title={t`There is no such page`}
        actions={
          <Button component={Link} to="/app">
            {t`Go to your codes`}
          </Button>
        }
      >
        <p>{t`The address may have a letter too many or too few. Your codes go on working.`}</p>
      </Empty>
    </main>
  );
}
