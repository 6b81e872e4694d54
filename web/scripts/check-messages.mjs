// Fails when a text of the application is missing in a catalogue, is no longer used, or is not translated.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const LOCALES = ["en", "hi"];
const path = (locale) => `src/locales/${locale}/messages.po`;
// The only line that changes by itself.
const withoutDate = (text) => text.replace(/^"POT-Creation-Date:.*\n/m, "");

const before = Object.fromEntries(LOCALES.map((locale) => [locale, readFileSync(path(locale), "utf8")]));
const faults = [];
try {
  execFileSync("node_modules/.bin/lingui", ["extract", "--clean"], { stdio: "pipe" });
  for (const locale of LOCALES) {
    const after = readFileSync(path(locale), "utf8");
    if (withoutDate(after) !== withoutDate(before[locale])) {
      faults.push(`${path(locale)} is not up to date: run npm run messages, and translate what is new.`);
    }
  }
} finally {
  for (const locale of LOCALES) writeFileSync(path(locale), before[locale]);
}
for (const [, message] of before.hi.matchAll(/^msgid ((?:".*"\n)+)msgstr ""\n(?!")/gm)) {
  if (message.trim() !== '""') faults.push(`not translated into Hindi: ${message.trim()}`);
}
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
