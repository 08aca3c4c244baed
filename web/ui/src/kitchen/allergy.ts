/** What in a note or a modifier speaks of an allergy: it must not be missed. */

const WORDS =
  /allerg|intoleran|coeliac|celiac|anaphyl|epipen|\b(?:gluten|dairy|lactose|nut|nuts|peanut|egg|fish|shellfish|sesame|soya?|milk|mustard|celery|sulphite|crustacean|mollusc|lupin)s?[ -]free\b/i;
const FAMILIES: Record<string, RegExp> = {
  gluten: /gluten|coeliac|celiac|wheat/i,
  milk: /milk|dairy|lactose/i,
  egg: /egg/i,
  fish: /(?<!shell)fish/i,
  nuts: /\bnuts?\b/i,
  peanuts: /peanut/i,
  sesame: /sesame/i,
  soy: /soya?/i,
  soya: /soya?/i,
  mustard: /mustard/i,
  celery: /celery/i,
  sulphites: /sul(ph|f)ite/i,
  molluscs: /mollus|shellfish/i,
  crustaceans: /crustacean|shellfish/i,
  lupin: /lupin/i,
};

export function speaksOfAllergy(text: string | null): boolean {
  return text !== null && WORDS.test(text);
}

/** Those of a dish's *allergens* that *text* warns of: the dish has what the guest must not eat. */
export function clashes(text: string, allergens: readonly string[]): string[] {
  return allergens.filter((allergen) => FAMILIES[allergen]?.test(text));
}

/** "no onions" and "without ice" take something away. */
export function takesAway(modifier: string): boolean {
  return /^(no|without|hold|minus)\b/i.test(modifier);
}

/** "extra basil" and "with bacon" put something on. */
export function addsTo(modifier: string): boolean {
  return /^(extra|add|plus|with|double|more)\b/i.test(modifier);
}
