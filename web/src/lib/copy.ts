/** Copies text; where the clipboard is closed to pages (plain HTTP), through a selection. Returns whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
