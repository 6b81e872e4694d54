import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";

import { currentLocale } from "@/lib/i18n";

import { inLocale } from "../schema";
import { designsQuery, kitsQuery, savedPicture, templatesQuery } from "./api";
import { isSameLook, type Look } from "./design";

type Props = { look: Look; onChange: (look: Look) => void };
type Ready = { key: string; title: string; look: Look; picture: string };

/** Looks that are ready: one's own, then ours by trade. */
export function ReadyLooks({ look, onChange }: Props) {
  const name = useId();
  const locale = currentLocale();
  const { data: templates } = useQuery(templatesQuery);
  const { data: designs } = useQuery(designsQuery);
  const { data: kits } = useQuery(kitsQuery);
  const ready: Ready[] = [
    ...(kits?.data ?? []).map((kit) => ({
      key: kit.id,
      title: kit.name,
      look: kit.design,
      picture: savedPicture("brand-kits", kit),
    })),
    ...(designs?.data ?? []).map((saved) => ({
      key: saved.id,
      title: saved.name,
      look: saved.design,
      picture: savedPicture("qr-designs", saved),
    })),
    ...(templates?.data ?? []).map((template) => ({
      key: template.name,
      title: inLocale(template.title, locale),
      look: worded(template.design, template.texts[0] && inLocale(template.texts[0], locale)),
      picture: `/api/v1/qr-templates/${template.name}.svg?locale=${locale}`,
    })),
  ];
  const mine = (candidate: Ready) => isSameLook(withLogoOf(look, candidate.look), look);
  return (
    <fieldset>
      <legend>
        <Trans>Ready looks</Trans>
      </legend>
      <div className="swatches sideways">
        {ready.map((candidate) => (
          <label className="sw" key={candidate.key}>
            <input
              type="radio"
              name={name}
              checked={mine(candidate)}
              onChange={() => onChange(withLogoOf(look, candidate.look))}
            />
            <span className="pic ready">
              <img src={candidate.picture} alt="" loading="lazy" decoding="async" />
            </span>
            <span className="two-lines">{candidate.title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A ready look without a picture of its own leaves the picture in the middle as it is. */
function withLogoOf(look: Look, ready: Look): Look {
  return ready.logo || !look.logo ? ready : { ...ready, logo: look.logo };
}

function worded(look: Look, text: string | undefined): Look {
  return look.frame && text ? { ...look, frame: { ...look.frame, text } } : look;
}
