import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { IconBookmark, IconCopyCheck } from "@tabler/icons-react";
import { useId, useState } from "react";

import { Icon } from "@/components/icon";
import { currentLocale } from "@/lib/i18n";

import { inLocale } from "../schema";
import { designsQuery, kitsQuery, savedPicture, templatesQuery } from "./api";
import { isSameLook, type Look } from "./design";
import { GiveLook } from "./give/give-look";
import { KeptLooks } from "./kept-looks";

type Props = {
  look: Look;
  /** The code that is changed, when it is there already. */
  code: string | undefined;
  onChange: (look: Look) => void;
};
type Ready = { key: string; title: string; look: Look; picture: string };

/** Looks that are ready: one's own, then ours by trade. */
export function ReadyLooks({ look, code, onChange }: Props) {
  const { t } = useLingui();
  const name = useId();
  const locale = currentLocale();
  const [keeping, setKeeping] = useState(false);
  const [giving, setGiving] = useState(false);
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
      <div className="row wrap">
        <button className="link" type="button" aria-haspopup="dialog" onClick={() => setKeeping(true)}>
          <Icon of={IconBookmark} /> {t`Keep this look`}
        </button>
        <button className="link" type="button" aria-haspopup="dialog" onClick={() => setGiving(true)}>
          <Icon of={IconCopyCheck} /> {t`Use this look for …`}
        </button>
      </div>
      <KeptLooks look={look} opened={keeping} onClose={() => setKeeping(false)} />
      <GiveLook look={look} except={code} opened={giving} onClose={() => setGiving(false)} />
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
