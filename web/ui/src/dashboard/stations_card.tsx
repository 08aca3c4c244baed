import type { VNode } from "preact";
import { now } from "../lib/clock.ts";
import { count } from "../lib/format.ts";
import { Badge, join } from "../lib/parts.tsx";
import type { StationLoad } from "./figures.ts";
import { lasted } from "./spans.ts";

const FULL_SECONDS = 1200;
const BUSY_SECONDS = 600;

interface Props {
  loads: readonly StationLoad[];
  finding: (loads: readonly StationLoad[]) => string;
}

export function StationsCard({ loads, finding }: Props): VNode {
  return (
    <section class="card stations">
      <h2>{finding(loads)}</h2>
      <p>What each station has ahead of it.</p>
      <ul>
        {loads.map((load) => <Station key={load.id} load={load} />)}
      </ul>
    </section>
  );
}

function Station({ load }: { load: StationLoad }): VNode {
  const minutes = Math.ceil(load.loadSeconds / 60);
  const tone = load.loadSeconds > FULL_SECONDS ? "late" : load.loadSeconds > BUSY_SECONDS ? "cook" : "";
  const oldest = load.oldest === null ? "" : `, oldest ${lasted((now.value - load.oldest) / 1000)}`;
  return (
    <li>
      <b>{load.name}</b>
      <span class="ahead num">
        {load.late > 0 && <Badge tone="late">{load.late} late</Badge>}
        <strong>{load.open ? `${minutes} min` : "free"}</strong>
      </span>
      <i class={join("meter", tone)}>
        <i style={{ width: `${Math.min(100, (100 * load.loadSeconds) / FULL_SECONDS)}%` }} />
      </i>
      <small class="num">
        {load.open ? `${count(load.open, "item")} open, ${load.cooking} on${oldest}` : "nothing open"}
      </small>
    </li>
  );
}
