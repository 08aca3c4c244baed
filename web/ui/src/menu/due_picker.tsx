/** When it is wanted: as soon as possible, or at a quarter hour of today or tomorrow. */

import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { serverNow } from "../lib/clock.ts";
import { time } from "../lib/format.ts";
import { Segments } from "../lib/parts.tsx";
import { days } from "./times.ts";

interface DuePickerProps {
  /** Milliseconds since 1970; null for as soon as possible. */
  due: number | null;
  wrong: string | undefined;
  onChange: (due: number | null) => void;
}

const CHOICES = [["now", "As soon as possible"], ["later", "Later"]] as const;

export function DuePicker({ due, wrong, onChange }: DuePickerProps): VNode {
  const id = useId();
  const choices = days(serverNow());
  const choose = (choice: "now" | "later"): void => onChange(choice === "now" ? null : (choices[0]?.times[0] ?? null));
  return (
    <div class="due">
      <Segments label="When" options={CHOICES} value={due === null ? "now" : "later"} onChange={choose} />
      {due !== null && (
        <label class="field">
          <span>What time</span>
          <select
            class="input"
            value={String(due)}
            aria-invalid={wrong ? true : undefined}
            aria-describedby={wrong ? id : undefined}
            onChange={(event) => onChange(Number(event.currentTarget.value))}
          >
            {!choices.some(({ times }) => times.includes(due)) && <option value={String(due)}>{time(due)}</option>}
            {choices.map(({ name, times }) => (
              <optgroup key={name} label={name}>
                {times.map((moment) => (
                  <option key={moment} value={String(moment)}>
                    {name === "Today" ? time(moment) : `${name}, ${time(moment)}`}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          {wrong && <small id={id} class="wrong">{wrong}</small>}
        </label>
      )}
    </div>
  );
}
