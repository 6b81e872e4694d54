import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  IconBox,
  IconBuildingStore,
  IconCards,
  IconDeviceMobile,
  IconReceipt,
  IconSticker,
  IconToolsKitchen2,
  IconPhoto,
  type Icon as Shape,
} from "@tabler/icons-react";

export type Thing = {
  name: string;
  icon: Shape;
  title: MessageDescriptor;
  hint: MessageDescriptor;
  mm: number | null;
};

/** What codes are printed on, with a size that suits it; null is for screens only. */
export const THINGS: [Thing, ...Thing[]] = [
  {
    name: "sticker",
    icon: IconSticker,
    title: msg`Sticker`,
    hint: msg`5 cm, on a counter or a parcel`,
    mm: 50,
  },
  {
    name: "table",
    icon: IconToolsKitchen2,
    title: msg`Table card`,
    hint: msg`6 cm, read while sitting`,
    mm: 60,
  },
  { name: "card", icon: IconCards, title: msg`Visiting card`, hint: msg`2.5 cm, in the hand`, mm: 25 },
  { name: "bill", icon: IconReceipt, title: msg`On the bill`, hint: msg`3 cm`, mm: 30 },
  { name: "box", icon: IconBox, title: msg`Box or bag`, hint: msg`8 cm`, mm: 80 },
  {
    name: "window",
    icon: IconBuildingStore,
    title: msg`Window or door`,
    hint: msg`15 cm, read from outside`,
    mm: 150,
  },
  { name: "poster", icon: IconPhoto, title: msg`Poster`, hint: msg`20 cm`, mm: 200 },
  {
    name: "screen",
    icon: IconDeviceMobile,
    title: msg`Only on screens`,
    hint: msg`Send or post it`,
    mm: null,
  },
];
