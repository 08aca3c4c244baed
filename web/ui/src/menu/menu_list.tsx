/** The menu itself: a search, what to leave out, and the dishes by category under a bar that stays. */

import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Menu, MenuItem } from "../lib/api.ts";
import { count, money } from "../lib/format.ts";
import { CloseIcon, FilterIcon, PlusIcon, SearchIcon } from "../lib/icons.tsx";
import { Badge, Button, Dialog, join, Nothing } from "../lib/parts.tsx";
import { ALLERGEN } from "../lib/words.ts";
import { lineOf, piecesOf } from "./basket.ts";
import { allergens, categories, type Category, matching } from "./dishes.ts";
import { open } from "./dish_dialog.tsx";
import { avoided, lines, put, sought } from "./shop.ts";

export function Dishes({ menu }: { menu: Menu }): VNode {
  const shown = matching(menu.items, sought.value, avoided.value);
  const found = categories(shown);
  const hidden = menu.items.length - matching(menu.items, "", avoided.value).length;
  return (
    <>
      <Tools menu={menu} hidden={hidden} />
      {found.length > 0 ? <Bar categories={found} /> : <NoneFound />}
      {found.map((category) => <Section key={category.name} category={category} currency={menu.currency} />)}
      <p class="footnote">You pay when you get your food.</p>
    </>
  );
}

function Tools({ menu, hidden }: { menu: Menu; hidden: number }): VNode {
  const choosing = useSignal(false);
  const names = avoided.value;
  return (
    <div class="tools">
      <label class="search">
        <span class="sr">Search the menu</span>
        <SearchIcon />
        <input
          class="input"
          type="search"
          placeholder="Search"
          value={sought.value}
          onInput={(event) => (sought.value = event.currentTarget.value)}
        />
      </label>
      <Button
        kind={names.length ? "warm" : "outline"}
        icon={FilterIcon}
        aria-haspopup="dialog"
        onClick={() => (choosing.value = true)}
      >
        {names.length ? `No ${names.length === 1 ? said(names[0]!) : `allergens · ${names.length}`}` : "Allergens"}
      </Button>
      {hidden > 0 && (
        <p class="hidden" role="status">
          {count(hidden, "dish", "dishes")} with {names.map(said).join(", ")} hidden.
          <button type="button" onClick={() => (avoided.value = [])}>Show all</button>
        </p>
      )}
      <AllergenDialog names={allergens(menu.items)} open={choosing.value} close={() => (choosing.value = false)} />
    </div>
  );
}

function AllergenDialog({ names, open, close }: { names: string[]; open: boolean; close: () => void }): VNode {
  const toggle = (name: string): void => {
    const others = avoided.value.filter((other) => other !== name);
    avoided.value = others.length < avoided.value.length ? others : [...others, name];
  };
  return (
    <Dialog
      open={open}
      title="What do you not eat?"
      onClose={close}
      footer={<Button kind="primary" onClick={close}>Show the menu</Button>}
    >
      <p class="hint">
        Dishes with what you choose are hidden. For a severe allergy, please speak to the restaurant as well.
      </p>
      <div class="chips" role="group" aria-label="Allergens">
        {names.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={avoided.value.includes(name)}
            onClick={() => toggle(name)}
          >
            {avoided.value.includes(name) && <CloseIcon size={18} />}
            {said(name)}
          </button>
        ))}
      </div>
    </Dialog>
  );
}

function said(allergen: string): string {
  return ALLERGEN[allergen] ?? allergen;
}

function NoneFound(): VNode {
  const clear = (): void => {
    sought.value = "";
    avoided.value = [];
  };
  return (
    <Nothing icon={SearchIcon} title="Nothing like that here">
      <p>Try another word, or leave fewer things out.</p>
      <Button kind="outline" onClick={clear}>Show the whole menu</Button>
    </Nothing>
  );
}

/** The categories; where one is in the page is marked in the bar. */
function Bar({ categories }: { categories: Category[] }): VNode {
  const here = useSignal(categories[0]!.anchor);
  const over = useSignal(false);
  const bar = useRef<HTMLElement>(null);
  const anchors = categories.map(({ anchor }) => anchor).join();
  useEffect(() =>
    onScroll(() => {
      here.value = passed(anchors.split(",")) ?? here.value;
      over.value = (bar.current?.getBoundingClientRect().top ?? 1) <= 0;
    }), [anchors]);
  useEffect(() => {
    const link = bar.current?.querySelector<HTMLElement>("[aria-current]");
    if (bar.current && link) bar.current.scrollLeft = link.offsetLeft - 60;
  }, [here.value]);
  return (
    <nav class={join("bar-of-categories", over.value && "over")} aria-label="Categories" ref={bar}>
      {categories.map(({ name, anchor }) => (
        <a key={anchor} href={`#${anchor}`} aria-current={anchor === here.value ? "true" : undefined}>{name}</a>
      ))}
    </nav>
  );
}

function onScroll(look: () => void): () => void {
  addEventListener("scroll", look, { passive: true });
  return () => removeEventListener("scroll", look);
}

/** The last section whose beginning has come up to the bar; the last of all at the end of the page. */
function passed(anchors: string[]): string | undefined {
  const sections = anchors.map((anchor) => document.getElementById(anchor)).filter((section) => section !== null);
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
  const above = sections.filter((section) => section.getBoundingClientRect().top < 140);
  return (atEnd ? sections.at(-1) : (above.at(-1) ?? sections[0]))?.id;
}

function Section({ category, currency }: { category: Category; currency: string }): VNode {
  return (
    <section id={category.anchor} class="category" aria-labelledby={`${category.anchor}-name`}>
      <h2 id={`${category.anchor}-name`}>{category.name}</h2>
      <ul>
        {category.dishes.map((dish) => <Dish key={dish.sku} dish={dish} currency={currency} />)}
      </ul>
    </section>
  );
}

function Dish({ dish, currency }: { dish: MenuItem; currency: string }): VNode {
  const there = piecesOf(lines.value, dish.sku);
  return (
    <li class={dish.available ? "dish" : "dish sold-out"}>
      <button type="button" class="about" disabled={!dish.available} onClick={() => open({ sku: dish.sku })}>
        <span class="name">{dish.name}</span>
        {dish.description && <span class="description">{dish.description}</span>}
        <span class="price num">{money(dish.price, currency)}</span>
        <Contains names={dish.allergens} />
      </button>
      {dish.available ? <Add dish={dish} there={there} /> : <Badge>Sold out</Badge>}
    </li>
  );
}

export function Contains({ names }: { names: readonly string[] }): VNode | null {
  if (!names.length) return null;
  return <span class="contains">Contains {names.map(said).join(", ")}</span>;
}

/** One touch where there is nothing to choose; else the choices open. */
function Add({ dish, there }: { dish: MenuItem; there: number }): VNode {
  const add = (): void => {
    if (dish.modifiers.length) return open({ sku: dish.sku });
    put(lineOf(dish, [], "", 1));
  };
  return (
    <button
      type="button"
      class={there ? "add there" : "add"}
      onClick={add}
      aria-label={`Add ${dish.name}${there ? `, ${there} in the basket` : ""}`}
    >
      {there ? <span class="num">{there}</span> : <PlusIcon size={24} />}
    </button>
  );
}
