import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Button, Dialog, Field } from "../lib/parts.tsx";

interface Props {
  open: boolean;
  title: string;
  detail: string;
  reasons: readonly string[];
  /** The button that does it. */
  confirm: string;
  onClose: () => void;
  onGiven: (reason: string) => void;
}

/** Something is taken away: the books want to know why. */
export function AskReason({ open, title, detail, reasons, confirm, onClose, onGiven }: Props): VNode {
  const text = useSignal("");
  const wrong = useSignal(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = text.value.trim();
    wrong.value = !given;
    if (!given) return;
    text.value = "";
    onGiven(given);
  };
  return (
    <Dialog open={open} title={title} onClose={onClose}>
      <form class="ask" onSubmit={submit}>
        <p>{detail}</p>
        <div class="reasons" role="group" aria-label="Usual reasons">
          {reasons.map((reason) => (
            <Button key={reason} aria-pressed={text.value === reason} onClick={() => (text.value = reason)}>
              {reason}
            </Button>
          ))}
        </div>
        <Field
          label="Reason"
          name="reason"
          value={text.value}
          maxLength={200}
          wrong={wrong.value ? "Say why, please." : null}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
        <div class="row end">
          <Button kind="ghost" onClick={onClose}>Keep it</Button>
          <Button kind="primary" type="submit">{confirm}</Button>
        </div>
      </form>
    </Dialog>
  );
}
