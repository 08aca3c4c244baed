import "../lib/base.css";
import { render, type VNode } from "preact";
import { useEffect } from "preact/hooks";
import { now } from "../lib/clock.ts";
import { CHANNEL_ICON, Mark, MoonIcon, OfflineIcon, SearchIcon, SunIcon } from "../lib/icons.tsx";
import type { Live } from "../lib/live.ts";
import { Button, join, Nothing, Waiting } from "../lib/parts.tsx";
import { keepShell } from "../lib/shell.ts";
import { isDark, setTheme } from "../lib/theme.ts";
import { CHANNEL } from "../lib/words.ts";
import { alertFor, titleOf } from "./alerts.ts";
import { call, paintTab, unlockOnTouch } from "./calling.ts";
import { CallCard, HistoryCard, ItemsCard, ShareCard } from "./cards.tsx";
import { timeToTheSecond } from "./days.ts";
import { type Followed, followOrder } from "./following.ts";
import { Hero, type Scene } from "./hero.tsx";
import { promised } from "./promise.ts";
import { lastSeen, story } from "./story.ts";
import { timeline } from "./timeline.ts";
// Last, so that it has the last word over the parts' own style.
import "./tracking.css";

const token = location.pathname.split("/").filter(Boolean).at(-1) ?? "";

const followed = followOrder(token, (before, after) => {
  const alert = alertFor(before, after);
  if (alert) void call(alert, after);
});

function TrackingPage({ order, history, place, held, live }: Followed): VNode {
  const shown = order.value;
  if (!shown) return <NotYet live={live} />;
  const offline = live.state.value === "offline";
  const at = standing(live, offline);
  const promise = promised(history.value, shown.estimate);
  const told = story(shown, history.value, promise, at);
  const scene: Scene = {
    order: shown,
    story: offline ? lastSeen(told) : told,
    promise,
    at,
    frozen: offline || live.paused.value,
  };
  return (
    <main class={join("page", told.mood, offline ? "offline" : live.paused.value && "paused")}>
      <Tab scene={scene} place={place.value} />
      <header class="top">
        <span class="brand">
          <Mark />
          {place.value ?? "Your order"}
        </span>
        <OrderNumber scene={scene} />
      </header>
      {offline && <OfflineNote live={live} />}
      <div class="column">
        <Hero scene={scene} live={live} held={held.value} />
        {["planned", "cooking", "late", "recalled"].includes(told.mood) && <CallCard />}
        {["done", "off"].includes(told.mood) && (
          <a class="button outline again" href={`/menu?location=${encodeURIComponent(shown.location)}`}>
            Back to the menu
          </a>
        )}
      </div>
      <div class="column">
        <ItemsCard order={shown} />
        <HistoryCard entries={timeline(shown, history.value, promise?.shown ?? null)} />
        <ShareCard />
        <ThemeButton />
      </div>
    </main>
  );
}

/** While the page is paused or offline, its clock stands still as well: nothing on it changes. */
let stoodAt = 0;
function standing(live: Live, offline: boolean): number {
  if (offline) return live.updatedAt.value || now.value;
  if (!live.paused.value) stoodAt = now.value;
  return stoodAt || now.value;
}

function OrderNumber({ scene: { order } }: { scene: Scene }): VNode {
  const Sign = CHANNEL_ICON[order.channel];
  return (
    <span class="order-number">
      <Sign size={18} />
      <span>
        <span class="sr">Order</span> <b>{order.number}</b> ·{" "}
        {order.table ? `Table ${order.table}` : CHANNEL[order.channel]}
      </span>
    </span>
  );
}

/** The tab in the browser's bar, for people who are elsewhere. */
function Tab({ scene, place }: { scene: Scene; place: string | null }): null {
  const title = titleOf(scene.order, scene.story.badge, place);
  useEffect(() => void (document.title = title), [title]);
  useEffect(() => paintTab(scene.story.mood), [scene.story.mood]);
  return null;
}

/** It lies over the page, so that nothing moves when the connection comes and goes. */
function OfflineNote({ live }: { live: Live }): VNode {
  const next = live.nextTryAt.value;
  const wait = next === null ? null : Math.ceil((next - Date.now()) / 1000);
  const since = timeToTheSecond(live.updatedAt.value);
  return (
    <div class="offline-note">
      <OfflineIcon size={26} />
      <p>
        <b role="status">No connection.</b> {live.updatedAt.value ? `Showing what we knew at ${since}.` : ""}
        {wait !== null && wait > 0 && now.value ? <span class="num">{` Next try in ${wait} s.`}</span> : " Trying."}
      </p>
      <Button kind="outline" onClick={live.retry}>Try now</Button>
    </div>
  );
}

function NotYet({ live }: { live: Live }): VNode {
  const problem = live.problem.value;
  if (problem) return <Lost wrong={problem.status === 404} live={live} />;
  if (live.state.value === "offline") return <Lost wrong={false} live={live} />;
  return (
    <main class="page" aria-busy>
      <h1 class="sr">Your order</h1>
      <Waiting height="44px" />
      <div class="column">
        <Waiting height="470px" />
      </div>
      <div class="column">
        <Waiting height="300px" />
      </div>
    </main>
  );
}

function Lost({ wrong, live }: { wrong: boolean; live: Live }): VNode {
  return (
    <main class="page lost">
      <h1 class="sr">Your order</h1>
      <Nothing
        icon={wrong ? SearchIcon : OfflineIcon}
        title={wrong ? "There is no order here" : "We cannot reach the restaurant"}
      >
        <p>
          {wrong
            ? "The link may be cut off. Open it again from where you got it."
            : "Check the connection. We keep trying."}
        </p>
        {wrong
          ? <a class="button primary" href="/menu">To the menu</a>
          : <Button kind="primary" onClick={live.retry}>Try now</Button>}
      </Nothing>
    </main>
  );
}

function ThemeButton(): VNode {
  const dark = isDark();
  return (
    <Button
      kind="ghost"
      class="theme"
      icon={dark ? SunIcon : MoonIcon}
      onClick={() => setTheme(dark ? "light" : "dark")}
    >
      {dark ? "Light" : "Dark"}
    </Button>
  );
}

unlockOnTouch();
keepShell();
render(<TrackingPage {...followed} />, document.getElementById("app")!);
