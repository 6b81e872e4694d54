import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconChevronDown, IconRobot } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { Summary } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";

type Group = { name: MessageDescriptor; why: MessageDescriptor; reasons: string[] };

/** The reasons of the judge in the groups that people understand; each is shown also at 0. */
const GROUPS: Group[] = [
  {
    name: msg`Bots.`,
    why: msg`Search engines and other programs opened the address. No person was there.`,
    reasons: [
      "ai_crawler",
      "search_engine",
      "headless_browser",
      "monitor",
      "http_tool",
      "feed_reader",
      "crawler",
      "not_a_browser",
      "no_user_agent",
    ],
  },
  {
    name: msg`Previews.`,
    why: msg`WhatsApp and other apps looked at the link to draw its little picture.`,
    reasons: ["link_preview", "preview_page"],
  },
  {
    name: msg`Checks without a page.`,
    why: msg`A program asked only whether the address is there.`,
    reasons: ["head_request"],
  },
  {
    name: msg`Guesses of a browser.`,
    why: msg`It loaded the address ahead, before anybody tapped.`,
    reasons: ["prefetch"],
  },
  {
    name: msg`Repeats.`,
    why: msg`The same phone a moment later, for example after a second look.`,
    reasons: ["repeated"],
  },
];

const KNOWN = new Set(GROUPS.flatMap(({ reasons }) => reasons));

/** What was left out of the count, and why. Always there, also when nothing was. */
export function NotCounted({ summary }: { summary: Summary }) {
  const { t } = useLingui();
  const count = (reasons: string[]) =>
    reasons.reduce((sum, reason) => sum + (summary.by_reason[reason] ?? 0), 0);
  const others = Object.keys(summary.by_reason).filter((reason) => !KNOWN.has(reason));
  const rows = [
    ...GROUPS,
    ...(count(others) > 0
      ? [{ name: msg`Others.`, why: msg`Left out for another reason.`, reasons: others }]
      : []),
  ];
  return (
    <section className="card" aria-label={t`Not counted`}>
      <details className="more" open>
        <summary>
          <Icon of={IconRobot} />
          <span>
            <Plural
              value={summary.excluded}
              _0="Not counted: nothing"
              one="Not counted: one visit"
              other="Not counted: # visits"
            />
          </span>
          <span className="quiet small">
            <Trans>Why?</Trans>
          </span>
          <span className="chev">
            <Icon of={IconChevronDown} />
          </span>
        </summary>
        <ul className="list why num">
          {rows.map(({ name, why, reasons }) => (
            <li key={name.id}>
              <b>{formatNumber(count(reasons))}</b>
              <span>
                <span className="strong">{t(name)}</span> <span className="muted">{t(why)}</span>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
