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
    // The only way without a secure context, however old it is.
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
