/** The menu as it is looked through: by category, by word, and without what somebody must not eat. */

import type { MenuItem } from "../lib/api.ts";

export interface Category {
  name: string;
  /** For links within the page. */
  anchor: string;
  dishes: MenuItem[];
}

/** In the order of the menu. */
export function categories(dishes: readonly MenuItem[]): Category[] {
  const found = new Map<string, MenuItem[]>();
  for (const dish of dishes) found.set(dish.category, [...(found.get(dish.category) ?? []), dish]);
  return [...found].map(([name, dishes], index) => ({ name, dishes, anchor: `category-${index + 1}` }));
}

/** Those that have every word of *wanted* somewhere, and none of the *avoided* allergens. */
export function matching(dishes: readonly MenuItem[], wanted: string, avoided: readonly string[]): MenuItem[] {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  return dishes.filter((dish) => {
    const text = plain([dish.name, dish.category, dish.description ?? ""].join(" "));
    return words.every((word) => text.includes(word)) && !dish.allergens.some((name) => avoided.includes(name));
  });
}

/** All that the menu names, in the order of the alphabet. */
export function allergens(dishes: readonly MenuItem[]): string[] {
  return [...new Set(dishes.flatMap((dish) => dish.allergens))].sort((a, b) => a.localeCompare(b));
}

/** Without accents and capitals: who types "creme" means Crème. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
