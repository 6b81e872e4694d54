import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Page } from "@/components/page";
import { FileLibrary } from "@/features/media/library";
import type { StoredFile } from "@/lib/api/types";

/** What uses a file, with the page where it is seen; a kind without a page is told by its name. */
function UseLink({ kind, id, name }: StoredFile["uses"][number]) {
  const { t } = useLingui();
  if (kind === "qr_code") {
    return (
      <Link className="link" to="/app/codes/$codeId" params={{ codeId: id }}>
        {name}
      </Link>
    );
  }
  const words = { brand_kit: t`Brand: ${name}`, qr_design: t`Kept look: ${name}` }[kind];
  if (words === undefined) return name;
  return (
    <Link className="link" to="/app/looks">
      {words}
    </Link>
  );
}

/** Every file of the workspace. */
export function FilesPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Files`} back={{ to: "/app/more", label: t`More` }}>
      <FileLibrary linkTo={(use) => <UseLink {...use} />} />
    </Page>
  );
}
