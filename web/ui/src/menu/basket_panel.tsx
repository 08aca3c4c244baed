/** The basket: its lines, how and when it is wanted, for whom, and the button that orders it. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { now } from "../lib/clock.ts";
import { count as counting, money } from "../lib/format.ts";
import { BagIcon, BasketIcon, BikeIcon, type Icon, RightIcon, WarningIcon } from "../lib/icons.tsx";
import { Button, Field, Nothing, Segments } from "../lib/parts.tsx";
import { sentence } from "../lib/words.ts";
import { type Line, MOST, type Trouble, unitPrice } from "./basket.ts";
import { open } from "./dish_dialog.tsx";
import { DuePicker } from "./due_picker.tsx";
import { busy, change, count, draft, drop, fill, inTheWay, lines, menu, order, placer, total, wrong } from "./shop.ts";
import { Stepper } from "./stepper.tsx";

const currency = (): string => menu.value?.currency ?? "EUR";

export function BasketPanel(): VNode {
  const { phase } = placer.state.value;
  const found = inTheWay.value.size + Object.keys(wrong.value).length;
  // What the server refused is known in full once the menu was read again.
  useEffect(() => {
    if (phase === "refused" && found) lookAtTrouble();
  }, [phase, found]);
  if (!lines.value.length && !busy.value) {
    return (
      <Nothing icon={BasketIcon} title="Nothing in it yet">
        <p>Touch a dish to put it here.</p>
      </Nothing>
    );
  }
  return (
    <form class="basket-form" id="order" noValidate onSubmit={submit}>
      <fieldset disabled={busy.value}>
        <legend class="sr">Your basket</legend>
        <ul class="lines">
          {lines.value.map((line) => <Row key={line.id} line={line} trouble={inTheWay.value.get(line.id)} />)}
        </ul>
        <Details />
      </fieldset>
    </form>
  );
}

function submit(event: Event): void {
  event.preventDefault();
  if (!order()) setTimeout(lookAtTrouble);
}

const TROUBLES = ".basket-form .trouble button, .basket-form [aria-invalid='true']";

/** Where something is missing, that is where one looks next. */
function lookAtTrouble(): void {
  const first = document.querySelector<HTMLElement>(TROUBLES);
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}

function Row({ line, trouble }: { line: Line; trouble: Trouble | undefined }): VNode {
  const extras = [...line.modifiers.map(({ name }) => name), line.notes].filter(Boolean).join(", ");
  return (
    <li class={trouble ? "line troubled" : "line"}>
      <button
        type="button"
        class="what"
        onClick={() => open({ sku: line.sku, line })}
        aria-label={`Change ${line.name}`}
      >
        <span class="name">{line.name}</span>
        {extras && <small>{extras}</small>}
      </button>
      <Stepper
        value={line.quantity}
        least={0}
        most={MOST}
        name={line.name}
        onChange={(value) => count(line.id, value)}
      />
      <span class="amount num">{money(unitPrice(line) * line.quantity, currency())}</span>
      {trouble && <TroubleNote line={line} trouble={trouble} />}
    </li>
  );
}

function TroubleNote({ line, trouble }: { line: Line; trouble: Trouble }): VNode {
  const out = trouble.kind === "gone" || trouble.kind === "sold-out";
  return (
    <div class="trouble" role="alert">
      <WarningIcon size={20} />
      <span>{said(trouble)}</span>
      {out
        ? <Button kind="outline" onClick={() => drop(line.id)}>Take it out</Button>
        : <Button kind="outline" onClick={() => change(line.id, trouble.now)}>All right</Button>}
    </div>
  );
}

function said(trouble: Trouble): string {
  switch (trouble.kind) {
    case "gone":
      return "This is no longer on the menu.";
    case "sold-out":
      return "This has just sold out.";
    case "choices-gone":
      return `No longer to be had with it: ${trouble.names.join(", ")}.`;
    case "price":
      return `The price has changed from ${money(trouble.was, currency())} to ${
        money(unitPrice(trouble.now), currency())
      }.`;
  }
}

const CHANNELS = [
  ["takeaway", <Way key="takeaway" icon={BagIcon} name="Pickup" />],
  ["delivery", <Way key="delivery" icon={BikeIcon} name="Delivery" />],
] as const;

function Way({ icon: Sign, name }: { icon: Icon; name: string }): VNode {
  return (
    <>
      <Sign />
      {name}
    </>
  );
}

function Details(): VNode {
  const { channel, name, contact, address, notes } = draft.value;
  const complaint = wrong.value;
  const delivered = channel === "delivery";
  return (
    <div class="details">
      <Segments label="How you get it" options={CHANNELS} value={channel} onChange={(channel) => fill({ channel })} />
      <DuePicker due={draft.value.due} wrong={complaint.due} onChange={(due) => fill({ due })} />
      <Field
        label="Your name"
        autocomplete="name"
        maxLength={100}
        value={name}
        wrong={complaint.name}
        onInput={(event) => fill({ name: event.currentTarget.value })}
      />
      <Field
        label={delivered ? "E-mail or phone" : "E-mail or phone (if you like)"}
        autocomplete="email"
        inputMode="email"
        maxLength={150}
        value={contact}
        wrong={complaint.contact}
        hint={delivered ? "In case we do not find you." : "So that we can tell you when it is ready."}
        onInput={(event) => fill({ contact: event.currentTarget.value })}
      />
      {delivered && (
        <Field
          label="Where to"
          autocomplete="street-address"
          maxLength={300}
          placeholder="Street, number, floor, name at the bell"
          value={address}
          wrong={complaint.address}
          onInput={(event) => fill({ address: event.currentTarget.value })}
        />
      )}
      <Field
        label="A note for the restaurant (if you like)"
        maxLength={500}
        value={notes}
        wrong={complaint.notes}
        onInput={(event) => fill({ notes: event.currentTarget.value })}
      />
    </div>
  );
}

/** The total, and the one button; while nobody answers, what is being done about that. */
export function PlaceBar(): VNode {
  const state = placer.state.value;
  return (
    <div class="place">
      {state.phase === "sending" && state.tries > 0 && <StillTrying tries={state.tries} nextTryAt={state.nextTryAt} />}
      {state.phase === "asking" && <OldAttempt at={state.attempt.at} />}
      <Refusal />
      {state.phase !== "asking" && <PlaceButton />}
    </div>
  );
}

function PlaceButton(): VNode {
  const state = placer.state.value;
  if (state.phase === "placed") {
    return (
      <a class="button done grow" href={state.order.tracking_url}>
        Placed: follow order {state.order.number}
        <RightIcon />
      </a>
    );
  }
  const sending = state.phase === "sending";
  return (
    <Button kind="primary" type="submit" form="order" class="grow" busy={sending}>
      {sending ? "Placing your order" : "Place order"}
      <span class="num">{lines.value.length ? money(total.value, currency()) : ""}</span>
    </Button>
  );
}

/** Why it does not go, unless that is said at a field. */
function Refusal(): VNode | null {
  const state = placer.state.value;
  const things = inTheWay.value.size;
  if (things) {
    const said = things === 1 ? "One dish has changed." : `${counting(things, "dish", "dishes")} have changed.`;
    return <Warning>{said} Have a look, please.</Warning>;
  }
  if (state.phase !== "refused" || Object.keys(wrong.value).length) return null;
  return <Warning>{sentence(state.problem)}</Warning>;
}

function Warning({ children }: { children: ComponentChildren }): VNode {
  return (
    <p class="refusal" role="alert">
      <WarningIcon size={22} />
      <span>{children}</span>
    </p>
  );
}

function StillTrying({ tries, nextTryAt }: { tries: number; nextTryAt: number | null }): VNode {
  const wait = nextTryAt === null ? 0 : Math.ceil((nextTryAt - Date.now()) / 1000);
  return (
    <div class="trying">
      <p>
        <b role="status">No answer yet.</b> We keep trying, and it is placed once only.{" "}
        {now.value && wait > 0 ? <span class="num">Next try in {wait} s.</span> : "Trying now."}
      </p>
      <div class="row">
        <Button kind="outline" onClick={placer.again}>Try now</Button>
        {tries >= 3 && <Button kind="ghost" onClick={placer.giveUp}>Back to the basket</Button>}
      </div>
      {tries >= 3 && <small>It may have arrived all the same. Ask the restaurant before you order again.</small>}
    </div>
  );
}

function OldAttempt({ at }: { at: number }): VNode {
  const when = new Intl.DateTimeFormat(undefined, { weekday: "long", hour: "numeric", minute: "2-digit" }).format(at);
  return (
    <div class="trying" role="alert">
      <p>
        <b>You ordered this on {when}, and no answer came.</b> Shall we send it again?
      </p>
      <div class="row">
        <Button kind="primary" onClick={placer.again}>Send it again</Button>
        <Button kind="outline" onClick={placer.giveUp}>No, forget it</Button>
      </div>
    </div>
  );
}
