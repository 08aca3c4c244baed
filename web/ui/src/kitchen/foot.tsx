/** Below the tickets: keys, what does not fit, and the last thing done with its undo. */

import type { VNode } from "preact";
import { count } from "../lib/format.ts";
import { LeftIcon, RightIcon } from "../lib/icons.tsx";
import { Toasts } from "../lib/parts.tsx";
import { stale } from "./book.ts";
import { type Intent, printed } from "./keys.ts";
import { hiddenAfter, pageBack, pageOn, panel, start } from "./screen.ts";
import { settings } from "./settings.ts";

const SHOWN: [Intent, string][] = [["bump", "bump"], ["next", "next item state"], ["recall", "recall"], [
  "undo",
  "undo",
], [
  "station",
  "station",
], ["help", "all keys"]];

export function Foot(): VNode {
  const { keys } = settings.value;
  return (
    <footer class="keys" style={`--undo:"${printed(keys.undo)}"`}>
      <span class="key">
        <kbd>1–9</kbd>select
      </span>
      {SHOWN.map(([intent, word]) => (
        <span key={intent} class="key">
          <kbd>{printed(keys[intent])}</kbd>
          {word}
        </span>
      ))}
      {start.value > 0 && (
        <button type="button" class="page" onClick={pageBack}>
          <LeftIcon size="1.4rem" />
          {count(start.value, "ticket")} before
        </button>
      )}
      {hiddenAfter.value > 0 && (
        <button type="button" class="page" onClick={pageOn}>
          {count(hiddenAfter.value, "more ticket")}
          <RightIcon size="1.4rem" />
        </button>
      )}
      {stale.value.length > 0 && (
        <button type="button" class="page old" onClick={() => (panel.value = { name: "stale" })}>
          {stale.value.length} from another day
        </button>
      )}
      <Toasts />
    </footer>
  );
}
