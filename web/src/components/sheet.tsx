import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";

import { useBackCloses } from "./back-closes";

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** Width on a desktop, in px. */
  width?: number;
  /** Whether the way back closes it; not where it asks about leaving. */
  backCloses?: boolean;
  children: ReactNode;
};

/** From below on a phone, a dialog on a desktop. Esc and the way back close it; the focus goes back to where it was. */
export function Sheet({ opened, onClose, title, width = 480, backCloses = true, children }: Props) {
  const { t } = useLingui();
  useBackCloses(opened && backCloses, onClose);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={width}
      transitionProps={{ transition: "slide-up", duration: 200 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its element would be a second banner of the page. */}
        <div className="sheet-head">
          <Modal.Title dir="auto">{title}</Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
