import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";

import { Seg } from "@/components/seg";
import { isoDate, startOfDate, startOfDay } from "@/lib/days";

export type RangeName = "today" | "7" | "30" | "own";
export type RangeChoice = { range: RangeName; from?: string | undefined; to?: string | undefined };

/** The days that were chosen, as instants; a turned-round own range is put right. */
export function rangeOf({ range, from, to }: RangeChoice, timeZone: string) {
  if (range === "own" && from && to) {
    const [first, last] = from <= to ? [from, to] : [to, from];
    return { from: startOfDate(first, timeZone), to: startOfDate(last, timeZone, 1), timeZone };
  }
  const back = range === "today" ? 0 : range === "30" ? 29 : 6;
  return { from: startOfDay(timeZone, -back), to: startOfDay(timeZone, 1), timeZone };
}

type Props = { choice: RangeChoice; timeZone: string; onChange: (choice: RangeChoice) => void };

/** Today, 7 days, 30 days, or own ones. */
export function RangePicker({ choice, timeZone, onChange }: Props) {
  const { t } = useLingui();
  const today = isoDate(new Date(), timeZone);
  const own = { from: choice.from ?? isoDate(startOfDay(timeZone, -6), timeZone), to: choice.to ?? today };
  return (
    <div className="ranges row wrap">
      <Seg<RangeName>
        label={t`Time shown`}
        value={choice.range}
        onChange={(range) => onChange(range === "own" ? { range, ...own } : { range })}
        options={[
          { value: "today", label: t`Today` },
          { value: "7", label: t`7 days` },
          { value: "30", label: t`30 days` },
          { value: "own", label: t`Other` },
        ]}
      />
      {choice.range === "own" ? (
        <div className="row">
          <TextInput
            type="date"
            aria-label={t`From`}
            max={today}
            value={own.from}
            onChange={({ currentTarget: { value } }) => value && onChange({ ...choice, ...own, from: value })}
          />
          <TextInput
            type="date"
            aria-label={t`Until`}
            max={today}
            value={own.to}
            onChange={({ currentTarget: { value } }) => value && onChange({ ...choice, ...own, to: value })}
          />
        </div>
      ) : null}
    </div>
  );
}
