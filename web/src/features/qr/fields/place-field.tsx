import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { IconCurrentLocation } from "@tabler/icons-react";
import { useState } from "react";

import { Icon } from "@/components/icon";

import { type Position, positionIn } from "./position";
import type { InputProps } from "./types";

type Props = InputProps & {
  /** The first of the two fields helps with both. */
  leads: boolean;
  onWrite: (degrees: string) => void;
  onPlace: (position: Position) => void;
};

/** Half of a place. Two numbers or the address of a map can be pasted; or one is there and presses the button. */
export function PlaceField({ leads, onWrite, onPlace, ...input }: Props) {
  return (
    <>
      {leads ? <HereButton onPlace={onPlace} /> : null}
      <TextInput
        {...input}
        inputMode="text"
        autoCapitalize="none"
        onChange={(event) => onWrite(event.currentTarget.value)}
        onPaste={(event) => {
          const found = positionIn(event.clipboardData.getData("text"));
          if (!found) return;
          event.preventDefault();
          onPlace(found);
        }}
      />
    </>
  );
}

function HereButton({ onPlace }: { onPlace: (position: Position) => void }) {
  const { t } = useLingui();
  const [state, setState] = useState<"idle" | "asking" | "refused">("idle");
  const ask = () => {
    setState("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState("idle");
        onPlace({ latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6) });
      },
      () => setState("refused"),
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  };
  return (
    <div>
      <Button
        variant="default"
        leftSection={<Icon of={IconCurrentLocation} />}
        loading={state === "asking"}
        onClick={ask}
      >
        {t`Use where I am now`}
      </Button>
      <p className="small muted" role="status">
        {state === "refused" ? (
          <Trans>
            Your device does not tell where it is. Write the two numbers, or paste a link of a map.
          </Trans>
        ) : (
          <Trans>Or paste a link of a map below.</Trans>
        )}
      </p>
    </div>
  );
}
