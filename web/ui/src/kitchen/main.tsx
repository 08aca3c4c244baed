import "../lib/base.css";
import "./kitchen.css";
import "./ticket.css";
import "./panels.css";
import { useSignalEffect } from "@preact/signals";
import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Session } from "../lib/api.ts";
import { join } from "../lib/parts.tsx";
import { keepShell } from "../lib/shell.ts";
import { SignIn } from "../lib/signin.tsx";
import { setTheme, theme } from "../lib/theme.ts";
import { TopBar } from "./bar.tsx";
import { Board } from "./board.tsx";
import { nameOf, station, tickets } from "./book.ts";
import { followHouse } from "./feed.ts";
import { Foot } from "./foot.tsx";
import { listenToKeys } from "./keyboard.ts";
import { DishesPanel, RecallPanel, StalePanel } from "./lists.tsx";
import { Conflicts, StaleBanner } from "./notes.tsx";
import { keepCalling } from "./notices.ts";
import { liveState, panel } from "./screen.ts";
import { settings } from "./settings.ts";
import { HelpPanel, SettingsPanel } from "./settings-panel.tsx";
import { Side } from "./side.tsx";
import { TicketPanel } from "./ticket-panel.tsx";

const asked = new URLSearchParams(location.search);
// Paper on a dark wall, whatever the device prefers: it is what can be read best in a bright kitchen.
if (theme.value === "auto") setTheme("light");

function KitchenPage({ session }: { session: Session }): VNode {
  const where = session.location ? null : asked.get("location");
  const [live] = useState(() => {
    station.value = asked.get("station") ?? session.station;
    return followHouse(where);
  });
  useEffect(() => {
    const ends = [listenToKeys(), keepCalling()];
    return () => [...ends, live.close].forEach((end) => end());
  }, []);
  useSignalEffect(() => {
    liveState.value = live.state.value;
  });
  useSignalEffect(() => showInTab(tickets.value.length));
  return (
    <div class={join("kitchen", !settings.value.allDay && "no-side")} data-state={live.state.value}>
      <TopBar />
      <StaleBanner live={live} />
      <Conflicts />
      <Board />
      {settings.value.allDay && <Side />}
      <Foot />
      <Panels where={where} />
    </div>
  );
}

function Panels({ where }: { where: string | null }): VNode | null {
  const shown = panel.value;
  switch (shown?.name) {
    case "ticket":
      return <TicketPanel orderId={shown.orderId} station={shown.station} />;
    case "recall":
      return <RecallPanel location={where} />;
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

/** For people in other tabs, and on the icon of an installed page. */
function showInTab(open: number): void {
  const place = station.value === null ? "Kitchen" : nameOf(station.value);
  document.title = open ? `(${open}) ${place}` : place;
  if ("setAppBadge" in navigator) void navigator.setAppBadge(open).catch(() => undefined);
}

keepShell();
render(
  <SignIn roles={["kitchen", "manager"]} place="the kitchen">
    {(session) => <KitchenPage session={session} />}
  </SignIn>,
  document.getElementById("app")!,
);
