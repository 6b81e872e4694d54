import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { Breakdown } from "@/lib/api/types";
import { formatShare } from "@/lib/format";

import { breakdownQuery, type Question } from "./api";

/** Below this, nothing is said about habits. */
const ENOUGH = 30;

/** The strongest true thing about a code's scans, in one sentence. */
export function CodeHeadline({ question, scans }: { question: Question; scans: number }): ReactNode {
  const enough = scans >= ENOUGH;
  const systems = useQuery({ ...breakdownQuery(question, "os"), enabled: enough });
  const cities = useQuery({ ...breakdownQuery(question, "city"), enabled: enough });
  if (scans === 0) return <Trans>Waiting for the first scan</Trans>;
  if (!enough) return <Trans>Too few scans to see a pattern</Trans>;
  const system = mostly(systems.data);
  const city = mostly(cities.data);
  const systemName = system?.value;
  const cityName = city?.value;
  const cityShare = city?.share;
  if (system && city) {
    return (
      <Trans>
        Mostly {systemName}, {cityShare} from {cityName}
      </Trans>
    );
  }
  if (system) return <Trans>Mostly {systemName}</Trans>;
  if (city) return <Trans>Mostly from {cityName}</Trans>;
  return <Trans>From many places, with many phones</Trans>;
}

function mostly(found: Breakdown | undefined) {
  const top = found?.data[0];
  if (!found || !top || top.hits * 2 <= found.total) return null;
  return { value: top.value, share: formatShare(top.hits / found.total) };
}
