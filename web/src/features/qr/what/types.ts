import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  IconAlignLeft,
  IconBrandWhatsapp,
  IconBuildingBank,
  IconBarcode,
  IconCalendarEvent,
  IconCoinBitcoin,
  IconCurrencyRupee,
  IconFile,
  IconId,
  IconMail,
  IconMapPin,
  IconMessage,
  IconPhone,
  IconQrcode,
  IconReceipt2,
  IconStar,
  IconWifi,
  IconWorld,
  type Icon as Shape,
} from "@tabler/icons-react";

import type { ContentType } from "@/lib/api/types";
import type { Locale } from "@/lib/i18n";

import { inLocale } from "../schema";

type Place = { icon: Shape; group: Group };
export type Group = "link" | "shop" | "contact" | "message" | "place" | "advanced";

export const GROUPS: [Group, MessageDescriptor][] = [
  ["link", msg`Link, file, Wi-Fi`],
  ["shop", msg`Shop and pay`],
  ["contact", msg`Contact`],
  ["message", msg`Message`],
  ["place", msg`Place and time`],
  ["advanced", msg`For special cases`],
];

/** Where people look for each type. One that is new to us stands last, and can be found by its words. */
const PLACES: Record<string, Place> = {
  url: { icon: IconWorld, group: "link" },
  file: { icon: IconFile, group: "link" },
  wifi: { icon: IconWifi, group: "link" },
  text: { icon: IconAlignLeft, group: "link" },
  upi: { icon: IconCurrencyRupee, group: "shop" },
  upi_link: { icon: IconCurrencyRupee, group: "shop" },
  review: { icon: IconStar, group: "shop" },
  vcard: { icon: IconId, group: "contact" },
  phone: { icon: IconPhone, group: "contact" },
  whatsapp: { icon: IconBrandWhatsapp, group: "message" },
  sms: { icon: IconMessage, group: "message" },
  email: { icon: IconMail, group: "message" },
  location: { icon: IconMapPin, group: "place" },
  event: { icon: IconCalendarEvent, group: "place" },
  sepa: { icon: IconBuildingBank, group: "advanced" },
  swiss_qr_bill: { icon: IconReceipt2, group: "advanced" },
  bitcoin: { icon: IconCoinBitcoin, group: "advanced" },
  lightning: { icon: IconCoinBitcoin, group: "advanced" },
  ethereum: { icon: IconCoinBitcoin, group: "advanced" },
  gs1_digital_link: { icon: IconBarcode, group: "advanced" },
};

/** What most people come for; the rest is one step away. */
const COMMON = ["url", "upi", "file", "whatsapp", "wifi", "vcard", "review"];
const TILES = 6;

export function iconOf(type: string): Shape {
  return PLACES[type]?.icon ?? IconQrcode;
}

export function groupOf(type: string): Group {
  return PLACES[type]?.group ?? "advanced";
}

/** The types that are shown at once, always with the chosen one. */
export function commonTypes(types: ContentType[], chosen: string): ContentType[] {
  const common = COMMON.flatMap((name) => types.filter(({ type }) => type === name)).slice(0, TILES);
  const mine = types.find(({ type }) => type === chosen);
  return mine && !common.includes(mine) ? [...common.slice(0, TILES - 1), mine] : common;
}

/** The types in whose words, in either language, every word of the question begins something. */
export function findTypes(types: ContentType[], question: string): ContentType[] {
  const words = question.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return types.filter((type) => {
    const text = (["en", "hi"] satisfies Locale[])
      .flatMap((locale) => [inLocale(type.title, locale), inLocale(type.help, locale)])
      .concat(type.type)
      .join(" ")
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
