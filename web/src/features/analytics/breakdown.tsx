import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { countryName, formatNumber, formatShare, languageName } from "@/lib/format";

import { breakdownQuery, type Dimension, type Question } from "./api";

const SHOWN = 6;

/** Words for a value of a dimension; unknown is said, not hidden. */
function useValueWords(dimension: Dimension): (value: string) => string {
  const { t } = useLingui();
  const devices: Record<string, string> = {
    phone: t`Phone`,
    tablet: t`Tablet`,
    desktop: t`Computer`,
    tv: t`Television`,
    other: t`Something else`,
  };
  return (value) => {
    if (dimension === "country") return countryName(value);
    if (dimension === "language") return languageName(value);
    if (dimension === "device") return devices[value] ?? value;
    // To their owners they are iPhones; the name of their system says little to most.
    return dimension === "os" && value === "iOS" ? "iPhone" : value;
  };
}

type Props = { question: Question; dimension: Dimension; title: string; children?: ReactNode };

/** Shares of a whole, each with its figure. */
export function BreakdownCard({ question, dimension, title, children }: Props) {
  const words = useValueWords(dimension);
  const { data } = useQuery(breakdownQuery(question, dimension, SHOWN));
  const { t } = useLingui();
  if (!data || data.total === 0) return null;
  const rows = [
    ...data.data.map(({ value, hits }) => ({ key: value, name: words(value), hits, quiet: false })),
    { key: "?other", name: t`Others`, hits: data.other, quiet: true },
    { key: "?unknown", name: t`Not known`, hits: data.unknown, quiet: true },
  ].filter(({ hits }) => hits > 0);
  return (
    <section className="card" aria-label={title}>
      <h2 className="card-head">{title}</h2>
      <ul className="bars num">
        {rows.map(({ key, name, hits, quiet }) => (
          <li key={key}>
            <span className="truncate">{name}</span>
            <span>
              <b className="strong">{formatShare(hits / data.total)}</b>{" "}
              <span className="quiet">{formatNumber(hits)}</span>
            </span>
            <span className="track">
              <span
                style={{
                  width: `${(hits / data.total) * 100}%`,
                  "--c": quiet ? "var(--c-control)" : undefined,
                }}
              />
            </span>
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
