import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import {
  IconAlignLeft,
  IconCurrencyRupee,
  IconId,
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
  { type: "wifi", icon: IconWifi, name: msg`Wi-Fi`, hint: msg`Guests join without typing` },
  { type: "vcard", icon: IconId, name: msg`Contact card`, hint: msg`Saves you in their phone` },
  { type: "text", icon: IconAlignLeft, name: msg`Text`, hint: msg`Shown as it is, also offline` },
];

export function iconOf(type: string): Shape {
  return KINDS.find((kind) => kind.type === type)?.icon ?? IconQrcode;
}
