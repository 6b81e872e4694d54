import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";

type Props = { busy: boolean; onSave: () => void };

/** Phones fail to read it. Whoever knows better may save it all the same, and is told whose risk it is. */
export function SaveAnyway({ busy, onSave }: Props) {
  return (
    <div className="row wrap">
      <Button variant="default" loading={busy} onClick={onSave}>
        <Trans>Save it anyway, at my own risk</Trans>
      </Button>
    </div>
  );
}
