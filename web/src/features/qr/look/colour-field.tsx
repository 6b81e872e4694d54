import { TextInput } from "@mantine/core";
import { useState } from "react";

type Props = { label: string; value: string; onChange: (colour: string) => void };

/** A colour as people find it on their printed things: #0b5a5f. What is half typed changes nothing yet. */
export function ColourField({ label, value, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? value;
  const take = (raw: string) => {
    setTyped(raw);
    const colour = wholeColour(raw);
    if (colour) onChange(colour);
  };
  return (
    <TextInput
      className="colour-number"
      aria-label={label}
      value={text}
      maxLength={7}
      spellCheck={false}
      autoCapitalize="none"
      error={typed !== null && wholeColour(typed) === null}
      onChange={(event) => take(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
    />
  );
}

/** A colour from what was typed, with or without # and in three or six digits; null while it is not whole. */
export function wholeColour(raw: string): string | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(raw.trim())?.[1]?.toLowerCase();
  if (digits === undefined) return null;
  return `#${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`;
}
