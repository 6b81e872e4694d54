import { useLingui } from "@lingui/react/macro";

import type { ContentType } from "@/lib/api/types";

/** The plain words for everything that a column can hold. */
export function useTargetWords(type: ContentType | undefined): (target: string) => string {
  const { t, i18n } = useLingui();
  const language = i18n.locale === "hi" ? "hi" : "en";
  const own: Record<string, string> = {
    name: t`Name of the code`,
    external_id: t`Your own number`,
    slug: t`Short address`,
    folder: t`Folder`,
    tags: t`Tags`,
  };
  const properties = (
    type?.schema as { properties?: Record<string, { "x-label"?: Record<string, string> }> } | undefined
  )?.properties;
  return (target) => {
    const label = properties?.[target.replace("content.", "")]?.["x-label"]?.[language];
    return own[target] ?? label ?? target.replace("content.", "");
  };
}
