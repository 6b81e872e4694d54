import { useId } from "react";

import { currentLocale } from "@/lib/i18n";

import { inLocale, type Words } from "../schema";

type Option = { name: string; title: Words };
type Group = "modules" | "eye_frames" | "eye_balls" | "outlines" | "frames";

type Props = {
  legend: string;
  group: Group;
  options: Option[];
  value: string;
  /** The choice of having none, in words. */
  none?: string;
  onChange: (name: string) => void;
};

/** The address of a small picture of a shape; the server draws it once, browsers keep it. */
export function shapePicture(group: Group, name: string): string {
  return `/api/v1/qr-design-options/${group}/${encodeURIComponent(name)}.svg?locale=${currentLocale()}`;
}

/** Shapes to choose from by sight. Arrows move, the code follows at once. A group with one choice is no choice. */
export function Swatches({ legend, group, options, value, none, onChange }: Props) {
  const name = useId();
  const locale = currentLocale();
  if (options.length + (none === undefined ? 0 : 1) < 2) return null;
  const swatch = (choice: string, words: string, picture: string | null) => (
    <label className="sw" key={choice}>
      <input type="radio" name={name} checked={choice === value} onChange={() => onChange(choice)} />
      <span className={`pic shape-${group}`}>
        {picture ? (
          <img src={picture} alt="" loading="lazy" decoding="async" />
        ) : (
          <span className="no-shape" />
        )}
      </span>
      {words}
    </label>
  );
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="swatches">
        {none === undefined ? null : swatch("", none, null)}
        {options.map((option) =>
          swatch(option.name, inLocale(option.title, locale), shapePicture(group, option.name)),
        )}
      </div>
    </fieldset>
  );
}
