import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { Icon } from "@/components/icon";
import type { Code } from "@/lib/api/types";

import type { CodeEdit } from "./editing";

type Props = {
  edit: CodeEdit;
  /** What becomes of one's own change. */
  children: ReactNode;
  onLoaded?: (code: Code) => void;
};

/** Somebody else was faster: says so, and loads what there is now without losing what was typed. */
export function ChangedMeanwhile({ edit: { isStale, newer }, children, onLoaded }: Props) {
  const { t } = useLingui();
  if (!isStale) return null;
  return (
    <div className="tip tip-warn" role="alert">
      <Icon of={IconUsers} />
      <div className="stack">
        <p>
          <Trans>Somebody changed this code in the meantime, so nothing was saved.</Trans> {children}
        </p>
        {newer.isError ? (
          <p>
            <Trans>It could not be loaded. Try again.</Trans>
          </p>
        ) : null}
        <Button
          variant="default"
          size="sm"
          loading={newer.isPending}
          onClick={() => newer.mutate(undefined, onLoaded ? { onSuccess: onLoaded } : {})}
        >
          {t`Load what is there now`}
        </Button>
      </div>
    </div>
  );
}
