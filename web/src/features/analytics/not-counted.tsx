import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconChevronDown, IconRobot } from "@tabler/icons-react";

import { Icon } from "@/components/icon";
import type { Summary } from "@/lib/api/types";
import { formatNumber } from "@/lib/format";

type Group = { verdict: string; name: MessageDescriptor; why: MessageDescriptor };

/** Why a visit was not counted; each is shown also at 0. */
const GROUPS: Group[] = [
  {
    verdict: "bot",
    name: msg`Bots.`,
    why: msg`Search engines and other programs opened the address. No person was there.`,
  },
  {
    verdict: "preview",
    name: msg`Previews.`,
    why: msg`WhatsApp and other apps looked at the link to draw its little picture.`,
  },
  {
    verdict: "head",
    name: msg`Checks without a page.`,
    why: msg`A program asked only whether the address is there.`,
  },
  {
    verdict: "prefetch",
    name: msg`Guesses of a browser.`,
    why: msg`It loaded the address ahead, before anybody tapped.`,
  },
  {
    verdict: "duplicate",
    name: msg`Repeats.`,
    why: msg`The same phone a moment later, for example after a second look.`,
  },
];

/** What was left out of the count, and why. Always there, also when nothing was. */
export function NotCounted({ summary }: { summary: Summary }) {
  const { t } = useLingui();
  const { excluded } = summary;
  return (
    <section className="card" aria-label={t`Not counted`}>
      <details className="more" open>
        <summary>
          <Icon of={IconRobot} />
          <span>
            <Plural
              value={excluded}
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
          {GROUPS.map(({ verdict, name, why }) => (
            <li key={verdict}>
              <b>{formatNumber(summary.by_reason[verdict] ?? 0)}</b>
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
