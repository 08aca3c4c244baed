import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { load, newKey, send } from "../lib/api.ts";
import { day as dayWords, time } from "../lib/format.ts";
import { DownloadIcon, PrintIcon } from "../lib/icons.tsx";
import { Badge, Banner, Button, Dialog, Progress, Waiting } from "../lib/parts.tsx";
import { sentence } from "../lib/words.ts";
import { addressOf } from "./addresses.ts";
import type { House } from "./house.ts";
import type { DayReport, Run } from "./report.ts";
import { loose } from "./report.ts";
import { ReportCards } from "./report_cards.tsx";

interface Props {
  house: House;
  onOpen: (id: string) => void;
}

const LOOK_EVERY_MS = 500;

export function EndTab({ house, onOpen }: Props): VNode {
  const [report, orders] = [house.report.value, house.orders.value];
  useEffect(() => {
    if (house.report.peek()?.kind !== "Z") house.refreshReport();
  }, [orders]);
  if (!report) return <Waiting height="1100px" />;
  return (
    <>
      <ReportHead house={house} report={report}>
        {report.kind === "X" && <CloseDay house={house} report={report} />}
      </ReportHead>
      <ReportCards
        report={report}
        usual={house.usual.value}
        orders={orders.filter((order) => order.business_day === report.business_day)}
        stationName={house.stationName}
        onOpen={onOpen}
      />
    </>
  );
}

interface HeadProps {
  house: House;
  report: DayReport;
  children?: preact.ComponentChildren;
}

/** What a report is of, and what can be done with it. */
export function ReportHead({ house, report, children }: HeadProps): VNode {
  const file = (kind: string) => addressOf(`/v1/reports/days/${report.business_day}.${kind}`, house.location);
  const name = `${report.location}-${report.business_day}`;
  return (
    <div class="report-head">
      <div>
        <h2>{dayWords(report.business_day)}</h2>
        <p>
          <Badge tone={report.kind === "Z" ? "done" : "cook"}>
            {report.kind === "Z" ? `Z report No. ${report.number}` : "X report"}
          </Badge>
          {report.location_name} ·{" "}
          {report.kind === "Z" ? "closed, it never changes" : `as of ${time(report.as_of)}, nothing happens by looking`}
        </p>
      </div>
      <div class="row">
        <Button kind="outline" icon={PrintIcon} onClick={() => print()}>Print</Button>
        <a class="button outline" href={file("csv")} download={`${name}.csv`}>
          <DownloadIcon />CSV
        </a>
        <a class="button outline" href={file("json")} download={`${name}.json`}>
          <DownloadIcon />JSON
        </a>
        {children}
      </div>
    </div>
  );
}

function CloseDay({ house, report }: { house: House; report: DayReport }): VNode {
  const asking = useSignal(false);
  const run = useSignal<Run | null>(null);
  const wrong = useSignal<string | null>(null);
  const close = async () => {
    wrong.value = null;
    try {
      const path = addressOf(`/v1/reports/days/${report.business_day}/close`, house.location);
      run.value = (await send<Run>("POST", path, {}, { key: newKey() })).data;
      while (run.value.status !== "closed") {
        await new Promise((passed) => setTimeout(passed, LOOK_EVERY_MS));
        run.value = (await load<Run>(`/v1/reports/runs/${run.value.id}`)).data!;
      }
      house.report.value = await house.reportOf(report.business_day);
      await house.refreshDays();
      asking.value = false;
    } catch (reason) {
      wrong.value = sentence(reason);
    }
    run.value = null;
  };
  const told = loose(report);
  return (
    <>
      <Button kind="primary" onClick={() => (asking.value = true)}>Close the day</Button>
      <Dialog
        open={asking.value}
        title={`Close ${dayWords(report.business_day)}?`}
        onClose={() => (asking.value = false)}
        footer={
          <>
            <Button kind="ghost" onClick={() => (asking.value = false)}>Not yet</Button>
            <Button kind="primary" busy={run.value !== null} onClick={() => void close()}>Close the day</Button>
          </>
        }
      >
        <div class="closing">
          <p>The report gets the next number and is filed as the Z report. From then on it never changes.</p>
          <p>What happens to its orders later, and what is still sold today, is on the next report.</p>
          {told.length > 0 && <ul>{told.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>}
          {run.value && (
            <>
              <Progress value={run.value.progress} label="Closing the day" tone="done" />
              <p role="status">
                {house.health.value?.dispatcher === false ? WAITS : "Closing. This takes some seconds."}
              </p>
            </>
          )}
          {wrong.value && <Banner tone="late" announced>{wrong.value}</Banner>}
        </div>
      </Dialog>
    </>
  );
}

const WAITS = "The background work stands still. The day is closed as soon as it goes on; you may leave this page.";
