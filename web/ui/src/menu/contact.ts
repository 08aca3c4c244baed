/** How somebody can be reached, as the API takes it: an address of the mailto: or tel: scheme. */

const MAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,}$/;
const DIGITS = /^\+?\d{6,15}$/;

/** `mailto:` or `tel:` of what was typed; null where it is neither (RFC 6068, RFC 3966). */
export function contactOf(typed: string): string | null {
  const text = typed.trim();
  if (MAIL.test(text)) return `mailto:${encodeURI(text).replaceAll("?", "%3F").replaceAll("&", "%26")}`;
  const digits = text.replace(/[\s().\-/]/g, "").replace(/^00/, "+");
  return DIGITS.test(digits) ? `tel:${digits}` : null;
}
