import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { formatBytes, formatShare } from "@/lib/format";

import { roomQuery } from "./api";

/** From here on one is told to make room. */
const NEARLY_FULL = 0.9;

/** How full the room for files is, in a sentence. */
export function Room() {
  const { t } = useLingui();
  const { data } = useQuery(roomQuery);
  if (!data) return null;
  const [used, quota, deleted] = [data.used, data.quota, data.deleted].map(formatBytes);
  const share = data.quota > 0 ? Math.min(1, data.used / data.quota) : 0;
  const percent = formatShare(share);
  return (
    <div className="stack" style={{ "--gap": "var(--sp-2)" }}>
      <p>{t`Your files take ${used} of ${quota} (${percent}).`}</p>
      <div className="progress thin" aria-hidden="true">
        <span style={{ width: `${Math.round(share * 100)}%` }} />
      </div>
      {share >= NEARLY_FULL ? (
        <p className="tip tip-warn">{t`There is hardly any room left. Delete files that nothing uses any more.`}</p>
      ) : null}
      {data.deleted > 0 ? <p className="small muted">{t`Deleted files (${deleted}) do not count.`}</p> : null}
    </div>
  );
}
