import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Page } from "@/components/page";
import { FileLibrary } from "@/features/media/library";

/** Every file of the workspace. */
export function FilesPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Files`} back={{ to: "/app/more", label: t`More` }}>
      <FileLibrary
        linkTo={({ kind, id, name }) =>
          kind === "qr_code" ? (
            <Link className="link" to="/app/codes/$codeId" params={{ codeId: id }}>
              {name}
            </Link>
          ) : (
            name
          )
        }
      />
    </Page>
  );
}
