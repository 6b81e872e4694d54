import { Trans, useLingui } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Asked } from "@/components/asked";
import { Skeleton } from "@/components/states";
import type { DesignOptions } from "@/lib/api/types";
import { useWorkspace } from "@/lib/session";

import { designOptionsQuery } from "../api";
import { kitsQuery } from "./api";
import { BackdropEditor } from "./backdrop-editor";
import { contrastOf, fillOf, hasOwnCorners, type Look, withFill } from "./design";
import { FillEditor } from "./fill-editor";
import { FineSettings } from "./fine-settings";
import { FrameEditor } from "./frame-editor";
import { KeepOrGive } from "./keep-or-give";
import { Locked } from "./locked";
import { LogoEditor } from "./logo-editor";
import { type Part, withPartsOf } from "./parts";
import { ReadyLooks } from "./ready-looks";
import { Swatches } from "./swatches";

type Props = {
  look: Look;
  type: string | undefined;
  /** The code that is changed, when it is there already. */
  code?: string;
  /** The fault at a part of the design, such as `frame/text`. */
  fault: (pointer: string) => string | undefined;
  onChange: (look: Look, group?: string) => void;
};

/** From here on dots and background differ enough for every camera. */
const CLEAR = 4.5;

/** How a code looks. What can be chosen is what the server says it can draw. */
export function LookForm(props: Props) {
  const { t } = useLingui();
  const options = useQuery(designOptionsQuery);
  return (
    <Asked
      query={options}
      title={t`We cannot show the looks right now`}
      stillWorks={t`Your codes go on working.`}
      waiting={<Skeleton rows={4} />}
    >
      {(known) => <Form {...props} options={known} />}
    </Asked>
  );
}

function Form({ look, type, code, fault, onChange, options }: Props & { options: DesignOptions }) {
  const { t } = useLingui();
  const { role } = useWorkspace();
  const { data: kits } = useQuery(kitsQuery);
  const kit = kits?.data.find(({ is_default: rules }) => rules);
  const free = role === "owner" || role === "admin";
  const kept = free || !kit ? [] : kit.locked;
  const locked = (part: Part) =>
    kit && kept.includes(part) ? <Locked part={part} brand={kit.name} /> : null;
  const brand = kit?.colors ?? [];
  const stops = options.fills.some((fill) => fill !== "color") ? options.gradient_stops.most : 0;
  const clear = contrastOf(look) >= (kit?.least_contrast ?? CLEAR);
  const shared = { brand, stops };
  return (
    <form className="opts" onSubmit={(event) => event.preventDefault()} aria-label={t`Look`}>
      <div className="stack" style={{ "--gap": "0" }}>
        <ReadyLooks
          look={look}
          onChange={(ready) => onChange(kit ? withPartsOf(ready, kit.design, kept) : ready)}
        />
        <KeepOrGive look={look} code={code} />
      </div>
      {locked("frame") ?? (
        <FrameEditor
          look={look}
          options={options}
          type={type}
          brand={brand}
          fault={fault("frame/text")}
          onChange={onChange}
        />
      )}
      {locked("modules") ?? (
        <>
          <FillEditor
            {...shared}
            legend={t`Colour`}
            value={fillOf(look, "dots")}
            onChange={(fill, group) => onChange(withFill(look, "dots", fill), group)}
          />
          {clear ? null : (
            <p className="tip tip-warn" role="status">
              <Trans>Colour and background are too alike for many cameras. Choose a darker colour.</Trans>
            </p>
          )}
          <Swatches
            legend={t`Shape`}
            group="modules"
            options={options.modules}
            value={look.modules?.shape ?? "square"}
            onChange={(shape) => onChange({ ...look, modules: { ...look.modules, shape } })}
          />
        </>
      )}
      {locked("eyes") ?? <Corners look={look} options={options} shared={shared} onChange={onChange} />}
      {locked("logo") ?? (
        <LogoEditor
          look={look}
          options={options}
          fault={fault("logo") ?? fault("logo/file_id")}
          onChange={onChange}
        />
      )}
      {locked("outline") ?? (
        <Swatches
          legend={t`Outline`}
          group="outlines"
          options={options.outlines}
          value={look.outline ?? "square"}
          onChange={(outline) => onChange({ ...look, outline })}
        />
      )}
      {locked("background") ?? (
        <>
          <FillEditor
            {...shared}
            legend={t`Background`}
            value={fillOf(look, "background")}
            light
            none={t`None`}
            onChange={(fill, group) => onChange(withFill(look, "background", fill), group)}
          />
          <BackdropEditor
            look={look}
            options={options}
            fault={fault("background/picture") ?? fault("background/picture/file_id")}
            onChange={onChange}
          />
        </>
      )}
      <FineSettings look={look} options={options} locked={locked} onChange={onChange} />
    </form>
  );
}

type CornersProps = Pick<Props, "look" | "onChange"> & {
  options: DesignOptions;
  shared: { brand: string[]; stops: number };
};

function Corners({ look, options, shared, onChange }: CornersProps) {
  const { t } = useLingui();
  const own = hasOwnCorners(look);
  const dots = fillOf(look, "dots");
  return (
    <>
      <Swatches
        legend={t`Corners`}
        group="eye_frames"
        options={options.eye_frames}
        value={look.eyes?.frame?.shape ?? "square"}
        onChange={(shape) =>
          onChange({ ...look, eyes: { ...look.eyes, frame: { ...look.eyes?.frame, shape } } })
        }
      />
      <Swatches
        legend={t`Middle of the corners`}
        group="eye_balls"
        options={options.eye_balls}
        value={look.eyes?.ball?.shape ?? "square"}
        onChange={(shape) =>
          onChange({ ...look, eyes: { ...look.eyes, ball: { ...look.eyes?.ball, shape } } })
        }
      />
      <Switch
        label={t`Other colours for the corners`}
        checked={own}
        onChange={() => {
          const fill = own ? null : dots;
          onChange(withFill(withFill(look, "frames", fill), "balls", fill));
        }}
      />
      {own
        ? (["frames", "balls"] as const).map((part) => (
            <FillEditor
              {...shared}
              key={part}
              legend={part === "frames" ? t`Colour of the corners` : t`Colour of their middle`}
              value={fillOf(look, part)}
              none={t`As the dots`}
              onChange={(fill, group) => onChange(withFill(look, part, fill), group)}
            />
          ))
        : null}
    </>
  );
}
