import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { contentTypesQuery } from "../api";
import { canLead } from "../content";
import { DraftPicture } from "../picture";
import { type Draft, usePreview } from "../preview";

/** What was made waits on top of the sheet. */
export function WaitingDraft({ draft }: { draft: Draft }) {
  const { t } = useLingui();
  const { content, design } = draft;
  const { picture } = usePreview({ content, design });
  const types = useQuery(contentTypesQuery);
  const type = types.data?.data.find((known) => known.type === draft.content.type);
  const leads = type ? (draft.kind ?? type.default_kind) === "dynamic" : canLead(draft.content);
  return (
    <div className="keep">
      <DraftPicture source={picture?.source} />
      <p>
        {leads
          ? t`Your code waits here. You can change where it leads, and see how many people scan it.`
          : t`Your code waits here. You find it again on every device.`}
      </p>
    </div>
  );
}
