/** The lines of a ticket: one touch each. */

import type { VNode } from "preact";
import type { Item, Modifier } from "../lib/api.ts";
import { time } from "../lib/format.ts";
import { CheckIcon, ClockIcon, CloseIcon, FlameIcon, NoteIcon, PauseIcon, WarningIcon } from "../lib/icons.tsx";
import { join } from "../lib/parts.tsx";
import { addsTo, clashes, speaksOfAllergy, takesAway } from "./allergy.ts";
import { waitingFor } from "./book.ts";
import { touchItem, turnCourse } from "./commands.ts";
import { nextAction } from "./cycle.ts";
import { useDerived } from "./derived.ts";
import { recalled } from "./notices.ts";
import { cursor, selected, waiting } from "./screen.ts";
import { settings } from "./settings.ts";
import { type Course as CourseOf, isAdded, isCooked, type Ticket } from "./tickets.ts";

const LOOK: Record<Item["status"], string> = {
  held: "held",
  pending: "",
  preparing: "cook",
  ready: "ok",
  served: "ok",
  voided: "void",
};
const WORD: Record<Item["status"], string> = {
  held: "held",
  pending: "to start",
  preparing: "cooking",
  ready: "done",
  served: "done",
  voided: "cancelled, touch to clear",
};

export function Course({ ticket, course, named }: { ticket: Ticket; course: CourseOf; named: boolean }): VNode {
  return (
    <>
      {named && <CourseHead ticket={ticket} course={course} />}
      {course.lines.map((item) => <Line key={item.id} ticket={ticket} item={item} />)}
    </>
  );
}

/** A held course waits for Fire; a fired one that nobody began can be taken back. */
function CourseHead({ ticket, course }: { ticket: Ticket; course: CourseOf }): VNode {
  const action = course.held ? "fire" : course.holdable && course.number > 1 ? "hold" : null;
  const Sign = action === "fire" ? FlameIcon : PauseIcon;
  return (
    <li class={join("course", course.held && "later")}>
      <span>Course {course.number}{course.held && " · held"}</span>
      {action && (
        <button
          type="button"
          class={action}
          aria-label={`${action === "fire" ? "Fire" : "Hold"} course ${course.number} of order ${ticket.order.number}`}
          onClick={() => turnCourse(ticket.order, course.number, action)}
        >
          <Sign size="1.4rem" />
          {action === "fire" ? "Fire" : "Hold"}
        </button>
      )}
    </li>
  );
}

function Line({ ticket, item }: { ticket: Ticket; item: Item }): VNode {
  const { order } = ticket;
  const place = ticket.lines.indexOf(item);
  const under = useDerived(() => selected.value === ticket.id && cursor.value === place, [ticket.id, place]).value;
  const saved = useDerived(
    () => waiting.value && waitingFor(order.id).some((entry) => entry.path.includes(item.id)),
    [item.id],
  ).value;
  const back = useDerived(() => recalled.value.has(item.id), [item.id]).value && !isCooked(item);
  const added = isAdded(item, order);
  const allergens = settings.value.allergens && item.status !== "voided" ? item.allergens : [];
  return (
    <li class={join(LOOK[item.status], under && "under")}>
      <button
        type="button"
        class="ln"
        aria-label={spoken(item, order.notes, { added, saved })}
        aria-disabled={nextAction(item) === null}
        onClick={() => touchItem(ticket, item)}
      >
        <span class={join("q", item.quantity > 1 && "m")}>{item.quantity}</span>
        <span class="nm">
          <span class="dish">{withoutOrphan(item.name)}</span>
          {added && <b class="tag added">ADDED</b>}
          {back && <b class="tag back">RECALLED</b>}
          {allergens.length > 0 && <small class="has">{allergens.join(", ")}</small>}
        </span>
        <State item={item} saved={saved} />
        <Details item={item} orderNote={order.notes} />
      </button>
    </li>
  );
}

/** "Rib eye, 300 g": a last word of a letter or two does not stand alone. */
function withoutOrphan(name: string): string {
  return name.replace(/ (\S{1,2})$/, "\u00a0$1");
}

function State({ item, saved }: { item: Item; saved: boolean }): VNode {
  return (
    <span class={join("st", saved && "wait")} aria-hidden>
      {saved
        ? <ClockIcon size="1.5rem" />
        : isCooked(item)
        ? <CheckIcon size="1.3rem" />
        : item.status === "voided"
        ? <CloseIcon size="1.2rem" />
        : null}
    </span>
  );
}

function Details({ item, orderNote }: { item: Item; orderNote: string | null }): VNode | null {
  const warnings = warningsOf(item, orderNote);
  const gone = item.status === "voided";
  const modifiers = gone ? [] : item.modifiers.filter(({ name }) => !speaksOfAllergy(name));
  const note = item.notes && !gone && !speaksOfAllergy(item.notes) ? item.notes : null;
  if (!warnings.length && !modifiers.length && !note && item.status !== "voided") return null;
  return (
    <span class="mods">
      {warnings.map((text) => (
        <span key={text} class="alg">
          <WarningIcon size="1.4rem" />
          <span>{text}</span>
        </span>
      ))}
      {item.status === "voided" && <span class="no-">{cancelledText(item)}</span>}
      {modifiers.map((modifier) => <Change key={modifier.name} {...modifier} />)}
      {note && (
        <span class="say">
          <NoteIcon size="1.2rem" />
          <span>{note.split(/(?<=[,;])\s+/).map((part, index) => <Said key={index} part={part} />)}</span>
        </span>
      )}
    </span>
  );
}

function Change({ name, price }: Modifier): VNode {
  if (takesAway(name)) return <span class="no-">{name}</span>;
  return addsTo(name) || price > 0 ? <span class="add">+ {name}</span> : <span class="as">{name}</span>;
}

/** A piece of a note; what must be left out stands out. */
function Said({ part }: { part: string }): VNode {
  return takesAway(part) ? <b>{`${part} `}</b> : <>{`${part} `}</>;
}

/** What the guest must not eat, and whether this dish has it. */
function warningsOf(item: Item, orderNote: string | null): string[] {
  const said = [item.notes, ...item.modifiers.map(({ name }) => name)].filter((text) => speaksOfAllergy(text));
  const found = said.map((text) => withClash(text!, item));
  if (orderNote && speaksOfAllergy(orderNote)) {
    const has = clashes(orderNote, item.allergens);
    if (has.length) found.unshift(`Contains ${has.join(", ")}`);
  }
  return found;
}

function withClash(text: string, item: Item): string {
  const has = clashes(text, item.allergens);
  return has.length ? `${text} · contains ${has.join(", ")}` : text;
}

function cancelledText(item: Item): string {
  return [`cancelled${item.voided_at ? ` ${time(item.voided_at)}` : ""}`, item.void_reason].filter(Boolean).join(" · ");
}

function spoken(item: Item, orderNote: string | null, { added, saved }: { added: boolean; saved: boolean }): string {
  const parts = [`${item.quantity} ${item.name}`, WORD[item.status]];
  parts.push(...warningsOf(item, orderNote).map((text) => `allergy: ${text}`));
  parts.push(...item.modifiers.map(({ name }) => name).filter((name) => !speaksOfAllergy(name)));
  if (item.notes && !speaksOfAllergy(item.notes)) parts.push(item.notes);
  if (added) parts.push("added later");
  if (saved) parts.push("waits for the connection");
  return parts.join(", ");
}
