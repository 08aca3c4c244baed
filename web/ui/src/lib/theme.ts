/** Light or dark: what the link says, else what was chosen here, else what the device prefers. */

import { signal } from "@preact/signals";
import { recall, remember } from "./storage.ts";

export type Theme = "auto" | "light" | "dark";

export const theme = signal<Theme>("auto");

export function setTheme(chosen: Theme): void {
  remember("theme", chosen);
  showTheme(chosen);
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  return theme.value === "dark" || (theme.value === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** For this visit only: a page that wants another start than the device's own preference. */
export function showTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

const asked = new URLSearchParams(globalThis.location?.search).get("theme");
showTheme(asked === "dark" || asked === "light" ? asked : recall<Theme>("theme", "auto"));
