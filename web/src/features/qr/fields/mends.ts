/** Slips of the finger that a form doubts before anything is printed. A doubt is never a fault: it can be left. */

const MAIL_HOSTS = [
  "gmail.com",
  "yahoo.com",
  "yahoo.co.in",
  "yahoo.in",
  "hotmail.com",
  "outlook.com",
  "outlook.in",
  "icloud.com",
  "rediffmail.com",
  "protonmail.com",
  "googlemail.com",
];
/** Close to one of those above, and right. */
const OTHER_HOSTS = new Set(["mail.com", "email.com", "ymail.com", "fmail.com", "yahoo.co", "outlook.it"]);
/** Endings of UPI IDs with so many letters that a slip shows. */
const UPI_HANDLES = ["okaxis", "okhdfcbank", "okicici", "oksbi", "paytm", "freecharge", "airtel", "axisbank"];
const UPI_OTHERS = new Set(["axis", "icici", "hdfcbank", "okbizaxis", "axisb", "pytm"]);
const ENDINGS: Record<string, string> = {
  con: "com",
  cmo: "com",
  ocm: "com",
  comm: "com",
  vom: "com",
  xom: "com",
  ogr: "org",
  rog: "org",
  nte: "net",
};
const HOURS_12 = 12;

const SCHEME = /^h{0,2}t{1,3}p{0,2}(s?)(?::\/{1,3}|;\/\/|\/\/)(?=[^/])/i;

/** What was probably meant by an address of the web; `null` when nothing is odd. */
export function mendedUrl(text: string): string | null {
  const typed = text.trim();
  const [, scheme = "", host = "", rest = ""] =
    /^(https?:\/\/)?([^/?#]+)(.*)$/is.exec(typed.replace(SCHEME, "http$1://")) ?? [];
  const mended = scheme + withEnding(host.replace(/^w{2,4}[,.](?=.)/i, "www.")) + rest;
  return mended === typed || !host ? null : mended;
}

function withEnding(host: string): string {
  const [, name = "", ending = "", port = ""] = /^(\S*[.,])([a-z]+)((?::\d+)?)$/i.exec(host) ?? [];
  return name ? name.replaceAll(",", ".") + (ENDINGS[ending.toLowerCase()] ?? ending) + port : host;
}

/** What was probably meant by an e-mail address. */
export function mendedMail(text: string): string | null {
  const [, name = "", host = ""] = /^([^\s@]+)@([^\s@]+)$/.exec(text.trim()) ?? [];
  if (!host) return null;
  const lower = host.toLowerCase();
  if (MAIL_HOSTS.includes(lower) || OTHER_HOSTS.has(lower)) return null;
  const meant = MAIL_HOSTS.find((known) => isSlip(lower, known)) ?? withEnding(lower);
  return meant === lower ? null : `${name}@${meant}`;
}

/** What was probably meant by a UPI ID. */
export function mendedVpa(text: string): string | null {
  const [, name = "", handle = ""] = /^([^\s@]+)@([^\s@]+)$/.exec(text.trim()) ?? [];
  const lower = handle.toLowerCase();
  if (!lower || UPI_HANDLES.includes(lower) || UPI_OTHERS.has(lower)) return null;
  const meant = UPI_HANDLES.find((known) => isSlip(lower, known));
  return meant ? `${name}@${meant}` : null;
}

/** The end that was probably meant, twelve hours later, when it is before the beginning: 10:00 to 6:00 is till 18:00. */
export function mendedEnd(begins: string, ends: string): string | null {
  const [day, time = ""] = ends.split("T");
  const hour = Number(time.slice(0, 2));
  if (!day || !time || !begins.includes("T") || ends > begins || hour >= HOURS_12) return null;
  const later = `${day}T${hour + HOURS_12}${time.slice(2)}`;
  return later > begins ? later : null;
}

/** Whether one letter is missing, too much, another one, or two neighbours stand in the wrong order. */
function isSlip(typed: string, meant: string): boolean {
  if (typed === meant || Math.abs(typed.length - meant.length) > 1) return false;
  let from = 0;
  while (from < typed.length && typed[from] === meant[from]) from += 1;
  const [rest, right] = [typed.slice(from), meant.slice(from)];
  return (
    rest.slice(1) === right ||
    rest === right.slice(1) ||
    rest.slice(1) === right.slice(1) ||
    (rest.slice(2) === right.slice(2) && rest[0] === right[1] && rest[1] === right[0])
  );
}
