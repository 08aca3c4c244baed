import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Order } from "../lib/api.ts";
import { day as dayWords, time } from "../lib/format.ts";
import { LeftIcon, RightIcon } from "../lib/icons.tsx";
import { Badge, Banner, Button, Waiting } from "../lib/parts.tsx";
import { sentence } from "../lib/words.ts";
import { goTo } from "./addresses.ts";
import { eachPage } from "./day_orders.ts";
import { ReportHead } from "./end_tab.tsx";
import { type House, shifted } from "./house.ts";
import type { Day, DayReport } from "./report.ts";
import { ReportCards } from "./report_cards.tsx";
import { shortDay } from "./spans.ts";

interface Props {
  house: House;
  day: string | null;
  onOpen: (id: string) => void;
}

export function DaysTab({ house, day, onOpen }: Props): VNode {
  return day ? <PastDay key={day} house={house} day={day} onOpen={onOpen} /> : <Days house={house} />;
}

function Days({ house }: { house: House }): VNode {
  const earlier = useSignal<readonly Day[]>([]);
  const ended = useSignal(false);
  const days = [...house.days.value, ...earlier.value];
  const more = async () => {
    const found = await house.daysBefore(days.at(-1)!.business_day).catch(() => []);
    earlier.value = [...earlier.value, ...found];
    ended.value = found.length === 0;
  };
  return (
    <section class="card days">
      <h2>Every day has one report</h2>
      <p>A day is closed by itself when it is over; its report never changes after that.</p>
      <ul>
        {days.map((one) => (
          <li key={one.business_day}>
            <a href={`#days/${one.business_day}`}>
              <b>{dayWords(one.business_day)}</b>
              <Badge tone={one.status === "closed" ? "done" : "cook"}>{stateOf(one)}</Badge>
              <small class="num">
                {one.closed_at ? `filed ${shortDay(one.closed_at.slice(0, 10))}, ${time(one.closed_at)}` : ""}
              </small>
              <RightIcon />
            </a>
          </li>
        ))}
      </ul>
      {days.length >= 31 && !ended.value && <Button class="more" onClick={() => void more()}>Earlier days</Button>}
    </section>
  );
}

function stateOf({ status, number }: Day): string {
  if (status === "closed") return `Z ${number}`;
  return status === "closing" ? "being closed" : "open";
}

function PastDay({ house, day, onOpen }: { house: House; day: string; onOpen: (id: string) => void }): VNode {
  const report = useSignal<DayReport | null>(null);
  const before = useSignal<DayReport | null>(null);
  const orders = useSignal<readonly Order[]>([]);
  const wrong = useSignal<string | null>(null);
  const known = house.days.value.length > 0;
  useEffect(() => {
    if (!known) return;
    const leaving = new AbortController();
    const open = async () => {
      report.value = await house.reportOf(day);
      await eachPage(day, house.location, (page) => (orders.value = [...orders.value, ...page]), leaving.signal);
      const week = shifted(day, -7);
      const [there] = (await house.daysBefore(shifted(week, 1))).filter((one) => one.business_day === week);
      if (there) before.value = await house.reportOf(week);
    };
    open().catch((reason) => leaving.signal.aborted || (wrong.value = sentence(reason)));
    return () => leaving.abort();
  }, [day, known]);
  return (
    <>
      <Button kind="ghost" class="back" icon={LeftIcon} onClick={() => goTo({ tab: "days", day: null })}>
        All days
      </Button>
      {wrong.value && <Banner tone="late" announced>{wrong.value}</Banner>}
      {report.value
        ? (
          <>
            <ReportHead house={house} report={report.value} />
            <ReportCards
              report={report.value}
              usual={before.value}
              orders={orders.value}
              stationName={house.stationName}
              onOpen={onOpen}
            />
          </>
        )
        : !wrong.value && <Waiting height="1100px" />}
    </>
  );
}
