/** The parts that pages are put together from. */

import "./parts.css";
import { signal } from "@preact/signals";
import type { ButtonHTMLAttributes, ComponentChildren, HTMLAttributes, InputHTMLAttributes, VNode } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { now } from "./clock.ts";
import { ago } from "./format.ts";
import { CloseIcon, type Icon } from "./icons.tsx";
import type { Live } from "./live.ts";

export type Tone = "plain" | "cook" | "done" | "late" | "fresh";

type ButtonProps = Omit<ButtonHTMLAttributes, "icon"> & {
  kind?: "plain" | "primary" | "done" | "warm" | "outline" | "ghost" | "danger";
  icon?: Icon;
  /** Something is under way: it can be seen, and pressing again does nothing. */
  busy?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  children?: ComponentChildren;
};

/** With an icon only, give it an `aria-label`. */
export function Button(
  { kind = "plain", icon: Sign, busy = false, class: more, children, onClick, ...rest }: ButtonProps,
): VNode {
  const only = Sign && children === undefined ? "icon-only" : "";
  return (
    <button
      type="button"
      class={join("button", kind, only, more)}
      aria-busy={busy || undefined}
      {...rest}
      onClick={busy ? undefined : onClick}
    >
      {Sign && <Sign />}
      {children}
    </button>
  );
}

export function Badge(
  { tone = "plain", icon: Sign, children }: { tone?: Tone; icon?: Icon; children: ComponentChildren },
): VNode {
  return (
    <span class={join("badge", tone)}>
      {Sign && <Sign size="1em" />}
      {children}
    </span>
  );
}

interface BannerProps {
  tone?: Tone;
  icon?: Icon;
  children: ComponentChildren;
  /** A button or two. */
  action?: ComponentChildren;
  /** Whether screen readers are told when it appears or changes: put only words in it that do not tick. */
  announced?: boolean;
}

export function Banner({ tone = "cook", icon: Sign, children, action, announced }: BannerProps): VNode {
  return (
    <div class={join("banner", tone)}>
      {Sign && <Sign size={24} />}
      <p role={announced ? "status" : undefined}>{children}</p>
      {action}
    </div>
  );
}

export interface Toast {
  text: ComponentChildren;
  tone?: "plain" | "late";
  /** 6 by default. */
  seconds?: number;
  action?: { label: string; run: () => void };
}

const toasts = signal<(Toast & { id: number })[]>([]);
let lastToast = 0;

/** Show *said* for some seconds. Takes itself back when its answer is called. */
export function toast(said: Toast): () => void {
  const id = ++lastToast;
  const dismiss = () => {
    toasts.value = toasts.value.filter((one) => one.id !== id);
  };
  toasts.value = [...toasts.value.slice(-2), { ...said, id }];
  setTimeout(dismiss, (said.seconds ?? 6) * 1000);
  return dismiss;
}

/** Press the button of the newest toast, as a key does; whether there was one. */
export function pressToast(): boolean {
  const newest = toasts.value.findLast((one) => one.action);
  if (!newest?.action) return false;
  toasts.value = toasts.value.filter((one) => one !== newest);
  newest.action.run();
  return true;
}

/** Where toasts appear: once on each page. */
export function Toasts(): VNode {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, tone, seconds = 6, action }) => (
        <div key={id} class={join("toast", tone)} style={{ "--lasts": `${seconds}s` }}>
          <p>{text}</p>
          {action && (
            <Button onClick={() => pressOf(id)}>{action.label}</Button>
          )}
        </div>
      ))}
    </div>
  );
}

function pressOf(id: number): void {
  const pressed = toasts.value.find((one) => one.id === id);
  toasts.value = toasts.value.filter((one) => one.id !== id);
  pressed?.action?.run();
}

interface DialogProps {
  open: boolean;
  title: ComponentChildren;
  onClose: () => void;
  children: ComponentChildren;
  /** Buttons along its lower edge. */
  footer?: ComponentChildren;
  class?: string;
}

/** A modal dialog: a sheet from below on phones. Esc, the cross and a touch beside it close it. */
export function Dialog({ open, title, onClose, children, footer, class: more }: DialogProps): VNode | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const named = useId();
  useEffect(() => {
    if (!open) return;
    const before = document.activeElement;
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
    // The browser gives the focus back where a dialog is closed; ours is taken away instead. While it is there, nothing
    // beside it can have the focus.
    return () => void setTimeout(() => before instanceof HTMLElement && before.focus({ preventScroll: true }));
  }, [open]);
  if (!open) return null;
  return (
    <dialog
      ref={dialog}
      class={join("dialog", more)}
      aria-labelledby={named}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <header>
        <h2 id={named}>{title}</h2>
        <Button kind="ghost" icon={CloseIcon} aria-label="Close" onClick={onClose} />
      </header>
      <div class="body">{children}</div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}

interface ProgressProps {
  /** 0 to 100. */
  value: number;
  label: string;
  tone?: Tone;
}

export function Progress({ value, label, tone = "plain" }: ProgressProps): VNode {
  const whole = Math.round(Math.min(100, Math.max(0, value)));
  return (
    <div
      class={join("bar", tone)}
      role="progressbar"
      aria-label={label}
      aria-valuenow={whole}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${whole}%` }} />
    </div>
  );
}

type InputProps = Omit<HTMLAttributes<HTMLInputElement>, "label" | "role"> & {
  label: string;
  hint?: string;
  /** What is wrong with it, in a sentence. */
  wrong?: string | null;
  type?: "text" | "email" | "tel" | "password" | "search" | "number" | "date" | "time";
  name?: string;
  value?: string;
  placeholder?: string;
  autocomplete?: string;
  inputmode?: "text" | "numeric" | "email" | "tel" | "search";
  required?: boolean;
  maxLength?: number;
  min?: string | number;
  max?: string | number;
  pattern?: string;
  disabled?: boolean;
};

export function Field({ label, hint, wrong, ...input }: InputProps): VNode {
  const id = useId();
  const told = wrong ?? hint;
  // Preact types each kind of input apart, and cannot see which one this is.
  const rest = { id, ...input } as InputHTMLAttributes;
  const describedBy = told ? `${id}-told` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input class="input" aria-invalid={wrong ? true : undefined} aria-describedby={describedBy} {...rest} />
      {told && <small id={describedBy} class={wrong ? "wrong" : undefined}>{told}</small>}
    </div>
  );
}

interface SegmentsProps<T extends string> {
  /** What is chosen among them. */
  label: string;
  options: readonly (readonly [T, ComponentChildren])[];
  value: T;
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, options, value, onChange }: SegmentsProps<T>): VNode {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([name, shown]) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === value}
          onClick={() => onChange(name)}
        >
          {shown}
        </button>
      ))}
    </div>
  );
}

const LIVE_WORDS = {
  connecting: "Connecting",
  live: "Live",
  polling: "Checking every 3 s",
  offline: "Offline",
  stale: "Reconnecting",
} as const;

/** "Live · updated 4 s ago". The state is announced, the ticking is not. */
export function LiveState({ live }: { live: Live }): VNode {
  const state = live.paused.value ? "Paused" : LIVE_WORDS[live.state.value];
  const age = live.updatedAt.value ? (now.value - live.updatedAt.value) / 1000 : null;
  return (
    <span class={join("live", live.state.value === "live" && !live.paused.value && "on")}>
      <i />
      <span>
        <b role="status">{state}</b>
        {age !== null && <span class="num">· updated {ago(age)}</span>}
      </span>
    </span>
  );
}

/** A place that something is about to fill; give it a height, so that nothing jumps. */
export function Waiting({ height, width = "100%" }: { height: string; width?: string }): VNode {
  return <div class="waiting" style={{ height, width }} aria-hidden />;
}

/** There is nothing to show, and that is said kindly. */
export function Nothing(
  { icon: Sign, title, children }: { icon?: Icon; title: string; children?: ComponentChildren },
): VNode {
  return (
    <div class="nothing">
      {Sign && <Sign size={44} />}
      <b>{title}</b>
      {children}
    </div>
  );
}

/** Class names that are there: `join("a", open && "b")` */
export function join(...names: unknown[]): string {
  return names.filter((name) => typeof name === "string" && name && name !== "plain").join(" ");
}
