/** A number with a minus and a plus. */

import type { VNode } from "preact";
import { MinusIcon, PlusIcon } from "../lib/icons.tsx";
import { Button } from "../lib/parts.tsx";

interface StepperProps {
  value: number;
  least: number;
  most: number;
  /** What is counted, for those who do not see it. */
  name: string;
  onChange: (value: number) => void;
}

export function Stepper({ value, least, most, name, onChange }: StepperProps): VNode {
  return (
    <div class="stepper" role="group" aria-label={`How many: ${name}`}>
      <Button
        kind="ghost"
        icon={MinusIcon}
        aria-label={value === 1 && least === 0 ? `Take ${name} out` : "One less"}
        disabled={value <= least}
        onClick={() => onChange(value - 1)}
      />
      <output class="num" aria-live="polite">{value}</output>
      <Button
        kind="ghost"
        icon={PlusIcon}
        aria-label="One more"
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
      />
    </div>
  );
}
