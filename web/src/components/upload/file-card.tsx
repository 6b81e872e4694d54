import { Plural, useLingui } from "@lingui/react/macro";
import { IconFileTypePdf } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { StoredFile } from "@/lib/api/types";
import { thumbnail } from "@/lib/files";
import { formatBytes } from "@/lib/format";

import { Icon } from "../icon";

/** A file in one line: what it looks like, its name, how large it is. */
export function FileLine({ file, children }: { file: StoredFile; children?: ReactNode }) {
  const { t } = useLingui();
  const picture = thumbnail(file);
  return (
    <>
      <span className="file-pic">
        {picture ? (
          <img src={picture} alt={file.alt || t`Picture`} loading="lazy" />
        ) : (
          <Icon of={IconFileTypePdf} />
        )}
      </span>
      <span className="grow file-words">
        <span className="strong truncate" dir="auto">
          {file.name}
        </span>
        <span className="muted small">
          {formatBytes(file.size)}
          {file.pages ? (
            <>
              {" · "}
              <Plural value={file.pages} one="# page" other="# pages" />
            </>
          ) : null}
        </span>
        {children}
      </span>
    </>
  );
}
