/** What opens over the board, fetched when the board is up: the tickets come first. */

import type { VNode } from "preact";
import { DishesPanel, RecallPanel, StalePanel } from "./lists.tsx";
import { panel } from "./screen.ts";
import { HelpPanel, SettingsPanel } from "./settings-panel.tsx";
import { TicketPanel } from "./ticket-panel.tsx";

export function Panels(): VNode | null {
  const shown = panel.value;
  switch (shown?.name) {
    case "ticket":
      return <TicketPanel orderId={shown.orderId} station={shown.station} />;
    case "recall":
      return <RecallPanel />;
    case "dishes":
      return <DishesPanel />;
    case "stale":
      return <StalePanel />;
    case "settings":
      return <SettingsPanel />;
    case "help":
      return <HelpPanel />;
    default:
      return null;
  }
}
