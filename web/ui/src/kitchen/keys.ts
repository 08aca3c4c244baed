/** Bump bars and keyboards: which key means what. */

export type Intent =
  | "bump"
  | "next"
  | "up"
  | "down"
  | "left"
  | "right"
  | "recall"
  | "undo"
  | "station"
  | "allday"
  | "rush"
  | "help";

/** The key of each intent, as KeyboardEvent.key has it; letters in lower case. */
export type KeyMap = Record<Intent, string>;

export const KEYS: KeyMap = {
  bump: "Enter",
  next: " ",
  up: "ArrowUp",
  down: "ArrowDown",
  left: "ArrowLeft",
  right: "ArrowRight",
  recall: "r",
  undo: "u",
  station: "s",
  allday: "a",
  rush: "p",
  help: "?",
};

export const MEANING: Record<Intent, string> = {
  bump: "Bump the ticket",
  next: "Next state of the item",
  up: "Item above",
  down: "Item below",
  left: "Ticket before",
  right: "Ticket after",
  recall: "Recall",
  undo: "Undo",
  station: "Next station",
  allday: "All day",
  rush: "Rush, or no rush",
  help: "All keys",
};

/** `pick` is the place on the screen, from 0: key 1 is the first, key 0 the tenth. */
export type Meaning = { intent: Intent } | { pick: number } | null;

export function meaning(key: string, map: KeyMap): Meaning {
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  for (const [intent, chosen] of Object.entries(map)) {
    if (chosen === pressed) return { intent: intent as Intent };
  }
  return /^\d$/.test(pressed) ? { pick: (Number(pressed) + 9) % 10 } : null;
}

/** What is printed on the key. */
export function printed(key: string): string {
  const names: Record<string, string> = {
    " ": "Space",
    ArrowUp: "Up",
    ArrowDown: "Down",
    ArrowLeft: "Left",
    ArrowRight: "Right",
    Escape: "Esc",
  };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** *map* with another key for *intent*; whoever had that key gets the old one, so that no key means two things. */
export function remapped(map: KeyMap, intent: Intent, key: string): KeyMap {
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  if (/^\d$/.test(pressed)) return map;
  const had = (Object.keys(map) as Intent[]).find((other) => map[other] === pressed);
  return { ...map, ...(had ? { [had]: map[intent] } : {}), [intent]: pressed };
}

/** The number that is printed on the ticket at *place*, counted from 0; beyond ten there is none. */
export function numberOf(place: number): string | null {
  return place < 9 ? String(place + 1) : place === 9 ? "0" : null;
}
