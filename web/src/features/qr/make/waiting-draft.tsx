import { useLingui } from "@lingui/react/macro";

import { canLead } from "../content";
import { DraftPicture } from "../picture";
import { type Draft, usePreview } from "../preview";

/** What was made waits on top of the sheet. */
export function WaitingDraft({ draft }: { draft: Draft }) {
  const { t } = useLingui();
  const { picture } = usePreview(draft);
  return (
    <div className="keep">
      <DraftPicture source={picture?.source} />
      <p>
        {canLead(draft.content)
          ? t`Your code waits here. You can change where it leads, and see how many people scan it.`
          : t`Your code waits here. You find it again on every device.`}
      </p>
    </div>
  );
}
