import "../lib/base.css";
import { computed, signal } from "@preact/signals";
import { render, type VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../lib/api.ts";
import { money } from "../lib/format.ts";
import { BasketIcon, Mark, MoonIcon, OfflineIcon, RightIcon, SunIcon } from "../lib/icons.tsx";
import { Button, Dialog, Nothing, Waiting } from "../lib/parts.tsx";
import { keepShell } from "../lib/shell.ts";
import { isDark, setTheme } from "../lib/theme.ts";
import { sentence } from "../lib/words.ts";
import { pieces } from "./basket.ts";
import { BasketPanel, PlaceBar } from "./basket_panel.tsx";
import { DishDialog } from "./dish_dialog.tsx";
import { Dishes } from "./menu_list.tsx";
import { busy, keepLooking, last, lines, look, menu, missing, placer, spoken, total } from "./shop.ts";
// Last, so that it has the last word over the parts' own style.
import "./menu.css";

const WIDE = matchMedia("(min-width: 980px)");
const wide = signal(WIDE.matches);
WIDE.addEventListener("change", () => (wide.value = WIDE.matches));
const opened = signal(false);
/** How long an order that was placed from here is worth a line at the top. */
const LAST_MS = 4 * 3_600_000;
const recent = computed(() => (last.value && Date.now() - last.value.at < LAST_MS ? last.value : null));

function MenuPage(): VNode {
  const name = menu.value?.name;
  useEffect(() => void (document.title = name ? `Menu · ${name}` : "Menu"), [name]);
  return (
    <>
      <main class="shop">
        <header class="top">
          <Mark size={44} />
          <div>
            <h1>{name ?? "Menu"}</h1>
            <p>For pickup or delivery.</p>
          </div>
          <ThemeButton />
        </header>
        {recent.value && (
          <a class="recent" href={recent.value.tracking_url}>
            <span>
              Your order <b>{recent.value.number}</b>
            </span>
            <span>
              Follow it <RightIcon />
            </span>
          </a>
        )}
        {menu.value ? <Dishes menu={menu.value} /> : <NoMenu />}
      </main>
      {wide.value ? <SideBasket /> : <BottomBasket />}
      <DishDialog />
      <p class="sr" role="status">{spoken.value}</p>
    </>
  );
}

function NoMenu(): VNode {
  const reason = missing.value;
  if (!reason) return <Skeleton />;
  const choose = reason instanceof Problem && reason.code === "location-needed";
  return (
    <Nothing icon={OfflineIcon} title={choose ? "Which restaurant?" : "The menu does not come"}>
      <p>{choose ? "There are several here. Open the link or the code of yours." : sentence(reason)}</p>
      {!choose && <Button kind="primary" onClick={() => void look()}>Try again</Button>}
    </Nothing>
  );
}

function Skeleton(): VNode {
  return (
    <div class="skeleton" aria-busy>
      <Waiting height="48px" />
      <Waiting height="56px" />
      {[1, 2, 3, 4, 5, 6].map((row) => <Waiting key={row} height="104px" />)}
    </div>
  );
}

function SideBasket(): VNode {
  return (
    <aside class="side" aria-label="Your basket">
      <div class="torn-shadow">
        <div class="ticket torn">
          <div class="scroll">
            <h2>Your basket</h2>
            <BasketPanel />
          </div>
          {(lines.value.length > 0 || busy.value) && <PlaceBar />}
        </div>
      </div>
    </aside>
  );
}

function BottomBasket(): VNode {
  const count = pieces(lines.value);
  const there = count > 0 || busy.value;
  return (
    <>
      {there && (
        <div class="bottom">
          <button type="button" onClick={() => (opened.value = true)}>
            <span class="count num">
              <BasketIcon size={22} />
              {count}
            </span>
            <span>{busy.value ? "Placing your order" : "View basket"}</span>
            <b class="num">{money(total.value, menu.value?.currency ?? "EUR")}</b>
          </button>
        </div>
      )}
      <Dialog
        open={opened.value}
        title="Your basket"
        onClose={() => (opened.value = false)}
        class="basket"
        footer={there ? <PlaceBar /> : undefined}
      >
        <BasketPanel />
      </Dialog>
    </>
  );
}

function ThemeButton(): VNode {
  const dark = isDark();
  const label = dark ? "Light colours" : "Dark colours";
  return (
    <Button
      kind="ghost"
      icon={dark ? SunIcon : MoonIcon}
      aria-label={label}
      onClick={() => setTheme(dark ? "light" : "dark")}
    />
  );
}

placer.state.subscribe((state) => {
  if (state.phase === "placed") location.assign(state.order.tracking_url);
});
placer.resume();
// Whatever an earlier page has left is what one wants to see first.
opened.value = busy.value;
keepLooking();
keepShell();
render(<MenuPage />, document.getElementById("app")!);
