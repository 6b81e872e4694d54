import { useLingui } from "@lingui/react/macro";
import { PasswordInput, Textarea, TextInput } from "@mantine/core";
import { IconWorld } from "@tabler/icons-react";
import type { ClipboardEvent, ReactNode } from "react";

import { Icon } from "@/components/icon";
import type { Content } from "@/lib/api/types";

import { textIn } from "../content";
import { detect } from "../detect";

type Props = {
  content: Content;
  onChange: (content: Content) => void;
  onLeave: () => void;
  /** The fault at a field, in the server's words. */
  fault: (field: string) => string | undefined;
};

/** The few fields of each kind that a first code needs. */
export function Answer({ content, onChange, onLeave, fault }: Props) {
  const { t } = useLingui();
  const field = (name: string) => ({
    id: `answer-${name}`,
    value: textIn(content, name),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...content, [name]: event.currentTarget.value }),
    onBlur: onLeave,
    error: fault(name),
  });
  const pasted = (event: ClipboardEvent) => {
    const found = detect(event.clipboardData.getData("text"));
    if (!found || found.type === content.type) return;
    event.preventDefault();
    onChange(found);
  };
  switch (content.type) {
    case "upi":
      return (
        <Fields>
          <TextInput {...field("vpa")} label={t`UPI ID`} placeholder="name@bank" autoCapitalize="none" />
          <TextInput {...field("name")} label={t`Name of the payee`} autoComplete="organization" />
          <TextInput
            {...field("amount")}
            label={t`Amount (optional)`}
            placeholder={t`₹ Any amount`}
            inputMode="decimal"
          />
        </Fields>
      );
    case "wifi":
      return (
        <Fields>
          <TextInput {...field("ssid")} label={t`Wi-Fi name`} autoCapitalize="none" />
          <PasswordInput
            {...field("password")}
            label={t`Password`}
            description={t`Leave it empty if there is none`}
            autoComplete="off"
            visibilityToggleButtonProps={{ "aria-label": t`Show the password`, tabIndex: 0 }}
          />
        </Fields>
      );
    case "vcard":
      return (
        <Fields>
          <TextInput {...field("first_name")} label={t`Name`} autoComplete="name" />
          <TextInput {...field("mobile")} label={t`Mobile number`} type="tel" autoComplete="tel" />
          <TextInput {...field("email")} label={t`E-mail (optional)`} type="email" autoComplete="email" />
        </Fields>
      );
    case "whatsapp":
    case "phone": {
      const calls = content.type === "phone";
      return (
        <div className="stack">
          <TextInput
            {...field("number")}
            label={t`Phone number`}
            placeholder="+91 98765 43210"
            type="tel"
            autoComplete="tel"
          />
          {textIn(content, "number") ? (
            <p className="small muted">
              {calls ? t`The code calls this number.` : t`The code opens a chat with this number.`}{" "}
              <button
                className="link"
                type="button"
                onClick={() => onChange({ ...content, type: calls ? "whatsapp" : "phone" })}
              >
                {calls ? t`WhatsApp instead` : t`Call instead`}
              </button>
            </p>
          ) : null}
        </div>
      );
    }
    case "email":
      return (
        <Fields>
          <TextInput {...field("to")} label={t`E-mail address`} type="email" autoComplete="email" />
          <TextInput {...field("subject")} label={t`Subject (optional)`} />
        </Fields>
      );
    case "text":
      return <Textarea {...field("text")} label={t`Text`} rows={4} />;
    default:
      return (
        <div className="field-big">
          <TextInput
            {...field("url")}
            aria-label={t`Web address`}
            inputMode="url"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            placeholder="example.com"
            leftSection={<Icon of={IconWorld} />}
            leftSectionWidth={52}
            leftSectionPointerEvents="none"
            onPaste={pasted}
          />
        </div>
      );
  }
}

function Fields({ children }: { children: ReactNode }) {
  return <div className="two">{children}</div>;
}
