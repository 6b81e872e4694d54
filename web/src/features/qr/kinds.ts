import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import {
  IconAlignLeft,
  IconBrandWhatsapp,
  IconCurrencyRupee,
  IconId,
  IconMail,
  IconPhone,
  IconQrcode,
  IconWifi,
  IconWorld,
  type Icon as Shape,
} from "@tabler/icons-react";

export type Kind = { type: string; icon: Shape; name: MessageDescriptor; hint: MessageDescriptor };

/** The kinds of the first page, the commonest first. */
export const KINDS: [Kind, ...Kind[]] = [
  { type: "url", icon: IconWorld, name: msg`Website link`, hint: msg`Any web address` },
  { type: "upi", icon: IconCurrencyRupee, name: msg`UPI payment`, hint: msg`Money straight to your bank` },
  { type: "whatsapp", icon: IconBrandWhatsapp, name: msg`WhatsApp`, hint: msg`Opens a chat with you` },
  { type: "wifi", icon: IconWifi, name: msg`Wi-Fi`, hint: msg`Guests join without typing` },
  { type: "vcard", icon: IconId, name: msg`Contact card`, hint: msg`Saves you in their phone` },
  { type: "phone", icon: IconPhone, name: msg`Call`, hint: msg`Calls you with one tap` },
  { type: "email", icon: IconMail, name: msg`E-mail`, hint: msg`Begins a letter to you` },
  { type: "text", icon: IconAlignLeft, name: msg`Text`, hint: msg`Shown as it is, also offline` },
];

export function iconOf(type: string): Shape {
  return KINDS.find((kind) => kind.type === type)?.icon ?? IconQrcode;
}
