import type { VNode } from "preact";
import { now } from "../lib/clock.ts";
import { count } from "../lib/format.ts";
import { Badge, join, Waiting } from "../lib/parts.tsx";
import { loadsOf, type StationLoad } from "./figures.ts";
import { loadFinding } from "./findings.ts";
import type { Row } from "./floor.ts";
import type { House } from "./house.ts";
import { lasted } from "./spans.ts";

const FULL_SECONDS = 1200;
const BUSY_SECONDS = 600;

interface Props {
  house: House;
  rows: readonly Row[];
}

export function StationsCard({ house, rows }: Props): VNode {
  const stations = house.stations.value;
  const loads = loadsOf(rows, stations, now.value);
  const known = stations.length > 0 && house.live.state.value !== "connecting";
  return (
    <section class="card stations">
      <h2>{known ? loadFinding(loads) : "Stations"}</h2>
      <p>What each station has ahead of it.</p>
      {known ? <ul>{loads.map((load) => <Station key={load.id} load={load} />)}</ul> : <Waiting height="391px" />}
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
