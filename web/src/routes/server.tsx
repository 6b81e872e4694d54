import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Asked } from "@/components/asked";
import { Page } from "@/components/page";
import { Empty, Skeleton } from "@/components/states";
import { StorageCard, VersionCard } from "@/features/operator/about";
import { healthQuery, roomQuery } from "@/features/operator/api";
import { Letters } from "@/features/operator/letters";
import { Outbox } from "@/features/operator/outbox";
import { Parts } from "@/features/operator/parts";
import { Processes } from "@/features/operator/processes";
import { Facts, HealthSentence, Looked } from "@/features/operator/summary";
import { formatBytes } from "@/lib/format";
import { useMe } from "@/lib/session";

/** How the installation is, for its operators. */
export function ServerPage() {
  const { t } = useLingui();
  const { is_operator: isOperator } = useMe().user;
  return (
    <Page title={t`Health of this server`}>
      {isOperator ? (
        <ServerHealth />
      ) : (
        <Empty title={t`This page is for operators`}>
          {t`Who looks after this server sees here how it is. Your codes work without it.`}
        </Empty>
      )}
    </Page>
  );
}

function ServerHealth() {
  const { t } = useLingui();
  const health = useQuery(healthQuery);
  const room = useQuery(roomQuery).data;
  const disk = room
    ? {
        used: formatBytes(room.disk_used),
        size: formatBytes(room.disk_size),
        free: formatBytes(room.disk_size - room.disk_used),
      }
    : null;
  return (
    <Asked
      query={health}
      title={t`The server does not say how it is`}
      stillWorks={t`Redirects run apart: they answer even if the rest stands still.`}
      waiting={<Skeleton rows={5} picture={false} />}
    >
      {(found) => (
        <div className="operator">
          <div className="row spread wrap">
            <HealthSentence health={found} />
            <Looked at={health.dataUpdatedAt} failed={health.isError} />
          </div>
          <Facts health={found} disk={disk} />
          <div className="ops">
            <div className="stack roomy">
              <Parts health={found} room={room} />
              <Processes processes={found.processes} />
              <Letters open={found.dead_letters ?? null} />
            </div>
            <div className="stack roomy">
              <Outbox waiting={found.mail_waiting} delivers={found.mail_delivers} />
              <VersionCard />
              <StorageCard />
            </div>
          </div>
        </div>
      )}
    </Asked>
  );
}
