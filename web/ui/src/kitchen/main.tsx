import "../lib/base.css";
import "./kitchen.css";
import "./ticket.css";
import "./panels.css";
import { signal, useSignalEffect } from "@preact/signals";
import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Session } from "../lib/api.ts";
import { join } from "../lib/parts.tsx";
import { keepShell } from "../lib/shell.ts";
import { SignIn } from "../lib/signin.tsx";
import { showTheme, theme } from "../lib/theme.ts";
import { TopBar } from "./bar.tsx";
import { Board } from "./board.tsx";
import { house, nameOf, station, tickets } from "./book.ts";
import { followHouse, furnished } from "./feed.ts";
import { Foot } from "./foot.tsx";
import { listenToKeys } from "./keyboard.ts";
import { Conflicts, StaleBanner } from "./notes.tsx";
import { keepCalling } from "./notices.ts";
import { liveState } from "./screen.ts";
import { settings } from "./settings.ts";
import { Side } from "./side.tsx";

const asked = new URLSearchParams(location.search);
// Paper on a dark wall, whatever the device prefers: it is what can be read best in a bright kitchen.
if (theme.value === "auto") showTheme("light");

type Panels = typeof import("./panels.tsx").Panels;
const panels = signal<Panels | null>(null);
/** The tickets come first; without a network a page that the shell kept has its panels too. */
const fetchPanels = () => void import("./panels.tsx").then((module) => (panels.value = module.Panels));

function KitchenPage({ session }: { session: Session }): VNode {
  const [live] = useState(() => {
    house.value = session.location ? null : asked.get("location");
    station.value = asked.get("station") ?? session.station;
    return followHouse();
  });
  useEffect(() => {
    fetchPanels();
    const ends = [listenToKeys(), keepCalling()];
    return () => [...ends, live.close].forEach((end) => end());
  }, []);
  useSignalEffect(() => {
    liveState.value = live.state.value;
  });
  useSignalEffect(() => showInTab(tickets.value.length));
  const Panels = panels.value;
  return (
    <div class={join("kitchen", !settings.value.allDay && "no-side")} data-state={live.state.value}>
      <TopBar />
      <StaleBanner live={live} />
      <Conflicts />
      {furnished.value && <Board />}
      {furnished.value && settings.value.allDay && <Side />}
      <Foot />
      {Panels && <Panels />}
    </div>
  );
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
