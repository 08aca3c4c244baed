/** One dish: how it is wanted, how often, and what else to say of it. */

import { signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { MenuItem } from "../lib/api.ts";
import { money } from "../lib/format.ts";
import { CheckIcon } from "../lib/icons.tsx";
import { Button, Dialog } from "../lib/parts.tsx";
import { type Line, lineOf, MOST, unitPrice } from "./basket.ts";
import { Contains } from "./menu_list.tsx";
import { change, dishOf, menu, put } from "./shop.ts";
import { Stepper } from "./stepper.tsx";

/** A dish of the menu, or a line of the basket that is to be changed. */
const opened = signal<{ sku: string; line?: Line } | null>(null);

export function open(what: { sku: string; line?: Line }): void {
  opened.value = what;
}

export function DishDialog(): VNode | null {
  const what = opened.value;
  const dish = what && dishOf(what.sku);
  if (!what || !dish) return null;
  return <Choosing key={what.line?.id ?? what.sku} dish={dish} line={what.line} />;
}

function Choosing({ dish, line }: { dish: MenuItem; line: Line | undefined }): VNode {
  const chosen = useSignal(line?.modifiers.map(({ name }) => name) ?? []);
  const notes = useSignal(line?.notes ?? "");
  const quantity = useSignal(line?.quantity ?? 1);
  const currency = menu.value!.currency;
  const now = lineOf(dish, chosen.value, notes.value, quantity.value);
  const close = (): void => {
    opened.value = null;
  };
  const done = (): void => {
    if (line) change(line.id, now);
    else put(now);
    close();
  };
  const footer = (
    <>
      <Stepper
        value={quantity.value}
        least={1}
        most={MOST}
        name={dish.name}
        onChange={(value) => (quantity.value = value)}
      />
      <Button kind="primary" class="grow" disabled={!dish.available} onClick={done}>
        {dish.available ? line ? "Change" : "Add" : "Sold out"}
        <span class="num">{money(unitPrice(now) * quantity.value, currency)}</span>
      </Button>
    </>
  );
  return (
    <Dialog open title={dish.name} onClose={close} footer={footer} class="dish-dialog">
      {dish.description && <p>{dish.description}</p>}
      <p class="facts">
        <span class="num">{money(dish.price, currency)}</span>
        <Contains names={dish.allergens} />
      </p>
      {dish.modifiers.length > 0 && (
        <fieldset class="choices">
          <legend>As you like it</legend>
          {dish.modifiers.map((modifier) => (
            <Choice
              key={modifier.name}
              name={modifier.name}
              price={modifier.price ? `+ ${money(modifier.price, currency)}` : ""}
              chosen={chosen.value.includes(modifier.name)}
              onChange={(on) => (chosen.value = toggled(chosen.value, modifier.name, on))}
            />
          ))}
        </fieldset>
      )}
      <label class="field">
        <span>A note for this dish</span>
        <input
          class="input"
          maxLength={200}
          placeholder="Well done, sauce on the side …"
          value={notes.value}
          onInput={(event) => (notes.value = event.currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}

function toggled(names: readonly string[], name: string, on: boolean): string[] {
  const others = names.filter((other) => other !== name);
  return on ? [...others, name] : others;
}

interface ChoiceProps {
  name: string;
  price: string;
  chosen: boolean;
  onChange: (on: boolean) => void;
}

function Choice({ name, price, chosen, onChange }: ChoiceProps): VNode {
  return (
    <label class={chosen ? "choice chosen" : "choice"}>
      <input type="checkbox" checked={chosen} onChange={(event) => onChange(event.currentTarget.checked)} />
      <i aria-hidden>{chosen && <CheckIcon size={18} />}</i>
      <span>{name}</span>
      <span class="price num">{price}</span>
    </label>
  );
}
