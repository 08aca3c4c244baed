import type { VNode } from "preact";
import type { Session } from "../lib/api.ts";
import { day as dayWords } from "../lib/format.ts";
import { LogOutIcon, MoonIcon, PauseIcon, PlayIcon, SunIcon } from "../lib/icons.tsx";
import { Button, LiveState, toast } from "../lib/parts.tsx";
import { signOut } from "../lib/signin.tsx";
import { isDark, setTheme } from "../lib/theme.ts";
import { sentence } from "../lib/words.ts";
import { goTo, type Place } from "./addresses.ts";
import type { House } from "./house.ts";

const TABS: readonly (readonly [Place, string])[] = [
  [{ tab: "live" }, "Live"],
  [{ tab: "end" }, "End of day"],
  [{ tab: "days", day: null }, "Days"],
];

export function Top({ house, session, place }: { house: House; session: Session; place: Place }): VNode {
  return (
    <header class="top">
      <div class="name">
        <h1>Today</h1>
        <p>{house.day.value ? dayWords(house.day.value) : " "}</p>
      </div>
      <Tabs place={place} />
      <div class="who">
        <LiveState live={house.live} />
        <PauseButton house={house} />
        <Button
          kind="ghost"
          icon={isDark() ? SunIcon : MoonIcon}
          aria-label={isDark() ? "Light" : "Dark"}
          onClick={() => setTheme(isDark() ? "light" : "dark")}
        />
        <Button
          kind="ghost"
          icon={LogOutIcon}
          aria-label={`Sign out (${session.name})`}
          title={`Signed in with the key “${session.name}”. Sign out`}
          onClick={() => void signOut().catch((reason) => toast({ text: sentence(reason), tone: "late" }))}
        />
      </div>
    </header>
  );
}

function Tabs({ place }: { place: Place }): VNode {
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const at = TABS.findIndex(([{ tab }]) => tab === place.tab);
    const [next] = TABS[(at + by + TABS.length) % TABS.length]!;
    goTo(next);
    document.getElementById(`tab-${next.tab}`)?.focus();
  };
  return (
    <div class="segments" role="tablist" aria-label="Pages of the dashboard" onKeyDown={step}>
      {TABS.map(([to, name]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${to.tab}`}
          aria-selected={to.tab === place.tab}
          aria-controls={to.tab === place.tab ? `panel-${to.tab}` : undefined}
          tabIndex={to.tab === place.tab ? 0 : -1}
          onClick={() => goTo(to)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function PauseButton({ house: { live } }: { house: House }): VNode {
  const { paused, waiting } = live;
  if (!paused.value) return <Button kind="ghost" icon={PauseIcon} aria-label="Pause" onClick={live.pause} />;
  const label = waiting.value ? `Resume, ${waiting.value} waiting` : "Resume";
  return <Button kind="warm" icon={PlayIcon} onClick={live.resume}>{label}</Button>;
}
