import { plural } from "@lingui/core/macro";
import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { countQuery } from "@/features/qr/api";
import { formatNumber } from "@/lib/format";

import type { CodesSearch } from "./codes-address";

type State = CodesSearch["show"];

function useCounts() {
  const { data } = useQuery(countQuery);
  const of = (state: string) => data?.groups[state] ?? 0;
  return { known: data !== undefined, all: of("active") + of("paused") + of("ended"), of };
}

/** How many codes there are and how often they were scanned, in words. */
export function CodesInWords({ scans }: { scans: number }) {
  const { t } = useLingui();
  const { all, of } = useCounts();
  const paused = of("paused");
  const codes = plural(all, { one: "# code", other: "# codes" });
  const found = plural(scans, { one: "# scan", other: "# scans" });
  return (
    <p className="words">
      {scans === 0 ? t`${codes}, no scan in seven days.` : t`${codes}, ${found} in seven days.`}{" "}
      {paused > 0 ? (
        <span className="muted">
          <Plural value={paused} one="One is paused." other="# are paused." />
        </span>
      ) : null}
    </p>
  );
}

/** Chips for the states that there are. */
export function StateChips({ show, onShow }: { show: State; onShow: (state: State) => void }) {
  const { t } = useLingui();
  const { known, all, of } = useCounts();
  const chips: { state: State; label: string; count: number }[] = [
    { state: undefined, label: t`All`, count: all },
    { state: "active", label: t`Live`, count: of("active") },
    { state: "paused", label: t`Paused`, count: of("paused") },
    { state: "ended", label: t`Ended`, count: of("ended") },
    { state: "archived", label: t`Put away`, count: of("archived") },
    { state: "deleted", label: t`Trash`, count: of("deleted") },
  ];
  if (!known) return null;
  return (
    <div className="chips" role="group" aria-label={t`Filter`}>
      {chips
        .filter(({ state, count }) => state === undefined || state === show || count > 0)
        .map(({ state, label, count }) => (
          <button
            key={label}
            type="button"
            className="chip"
            aria-pressed={show === state}
            onClick={() => onShow(state)}
          >
            {label} {formatNumber(count)}
          </button>
        ))}
    </div>
  );
}
