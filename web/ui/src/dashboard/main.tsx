/* The manager's page: the floor as it is now, the day's books, and the days before. */

import "../lib/base.css";
import "./dashboard.css";
import "./floor.css";
import "./print.css";
import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { render, type VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Session } from "../lib/api.ts";
import { Banner, Button, Toasts } from "../lib/parts.tsx";
import { OfflineIcon, WarningIcon } from "../lib/icons.tsx";
import { keepShell } from "../lib/shell.ts";
import { SignIn } from "../lib/signin.tsx";
import { type Place, placeOf } from "./addresses.ts";
import { DaysTab } from "./days_tab.tsx";
import { EndTab } from "./end_tab.tsx";
import { House } from "./house.ts";
import { LiveTab } from "./live_tab.tsx";
import { OrderDetails } from "./order_details.tsx";
import { Top } from "./top.tsx";

function DashboardPage({ session }: { session: Session }): VNode {
  const asked = session.location ? null : new URLSearchParams(location.search).get("location");
  const house = useMemo(() => new House(asked), [asked]);
  const opened = useSignal<string | null>(null);
  const place = usePlace();
  useEffect(() => () => house.close(), [house]);
  useSignalEffect(() => {
    const late = house.rows.value.filter((row) => row.late).length;
    document.title = late ? `(${late} late) Today` : "Today";
  });
  const open = (id: string) => (opened.value = id);
  return (
    <>
      <Top house={house} session={session} place={place.value} />
      <Lost house={house} />
      <main>
        <div
          class="page"
          id={`panel-${place.value.tab}`}
          role="tabpanel"
          aria-labelledby={`tab-${place.value.tab}`}
        >
          {place.value.tab === "live" && <LiveTab house={house} onOpen={open} />}
          {place.value.tab === "end" && <EndTab house={house} onOpen={open} />}
          {place.value.tab === "days" && <DaysTab house={house} day={place.value.day} onOpen={open} />}
        </div>
      </main>
      <OrderDetails house={house} opened={opened} />
      <Toasts />
    </>
  );
}

/** What does not come, said once, with a way to ask again. */
function Lost({ house }: { house: House }): VNode | null {
  const { state, problem, retry } = house.live;
  if (problem.value) return <Told icon={WarningIcon} text={problem.value.detail} onRetry={retry} />;
  if (state.value === "offline") {
    return <Told icon={OfflineIcon} text="No connection. What you see is how it was last." onRetry={retry} />;
  }
  if (house.trouble.value) {
    return <Told icon={WarningIcon} text={house.trouble.value} onRetry={() => void house.retry()} />;
  }
  if (state.value === "polling") {
    return <Told icon={OfflineIcon} text="No live line. Open orders are looked up every 3 seconds." onRetry={retry} />;
  }
  return null;
}

function Told({ icon, text, onRetry }: { icon: typeof OfflineIcon; text: string; onRetry: () => void }): VNode {
  return (
    <div class="told">
      <Banner icon={icon} announced action={<Button onClick={onRetry}>Try now</Button>}>{text}</Banner>
    </div>
  );
}

function usePlace(): Signal<Place> {
  const place = useSignal(placeOf(location.hash));
  useEffect(() => {
    const moved = () => (place.value = placeOf(location.hash));
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return place;
}

keepShell();
render(
  <SignIn roles={["manager"]} place="the dashboard">{(session) => <DashboardPage session={session} />}</SignIn>,
  document.getElementById("app")!,
);
