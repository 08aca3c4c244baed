/** Charts drawn as SVG: bars that can be focused, the numbers as a table for those who cannot see them. */

import "./charts.css";
import type { VNode } from "preact";
import { useId } from "preact/hooks";

export interface Bar {
  label: string;
  value: number;
  tone?: "tomato" | "basil" | "saffron" | "blue" | "muted" | undefined;
  /** The usual value: a mark across the bar. */
  usual?: number | undefined;
}

interface BarsProps {
  /** What it shows, for screen readers and the table: "Sales by hour". */
  label: string;
  bars: readonly Bar[];
  /** What the bars count, as the table's heading: "Orders". */
  unit: string;
  format?: (value: number) => string;
  height?: number;
}

const WIDTH = 860;
const PLOT_TOP = 22;
const LINES = [0.25, 0.5, 0.75, 1];

/** Upright bars, for hours and distributions. */
export function Bars({ label, bars, unit, format = String, height = 230 }: BarsProps): VNode {
  const most = top(bars);
  const step = WIDTH / Math.max(1, bars.length);
  const y = (value: number) => PLOT_TOP + height - (value / most) * height;
  return (
    <Figure label={label} bars={bars} unit={unit} format={format}>
      <svg viewBox={`0 0 ${WIDTH} ${height + PLOT_TOP + 30}`} class="bars" role="group" aria-label={label}>
        {LINES.map((part) => (
          <line
            key={part}
            class="rule"
            x1={0}
            x2={WIDTH}
            y1={y(most * part)}
            y2={y(most * part)}
          />
        ))}
        {bars.map((bar, index) => (
          <g
            key={bar.label}
            class={`column ${bar.tone ?? "tomato"}`}
            tabIndex={0}
            role="img"
            aria-label={told(bar, unit, format)}
            transform={`translate(${index * step} 0)`}
          >
            <rect class="hit" x={0} y={0} width={step} height={height + PLOT_TOP + 28} rx={6} />
            <rect
              class="fill"
              x={step * 0.14}
              width={step * 0.72}
              y={y(bar.value)}
              height={y(0) - y(bar.value)}
              rx={5}
            />
            {bar.usual !== undefined && <path class="usual" d={`M${step * 0.08} ${y(bar.usual)}h${step * 0.84}`} />}
            {bar.value > 0 && <text class="value" x={step / 2} y={above(bar, y)}>{format(bar.value)}</text>}
            <text x={step / 2} y={height + PLOT_TOP + 22}>{bar.label}</text>
          </g>
        ))}
      </svg>
    </Figure>
  );
}

/** Lying bars with their names before and their values behind, for a ranking. */
export function Ranking({ label, bars, unit, format = String }: Omit<BarsProps, "height">): VNode {
  const most = top(bars);
  return (
    <Figure label={label} bars={bars} unit={unit} format={format}>
      <ul class="ranking" aria-hidden>
        {bars.map((bar) => (
          <li key={bar.label}>
            <span>{bar.label}</span>
            <i class={bar.tone ?? "tomato"}>
              <i style={{ width: `${(100 * bar.value) / most}%` }} />
            </i>
            <b class="num">{format(bar.value)}</b>
          </li>
        ))}
      </ul>
    </Figure>
  );
}

interface FigureProps extends Required<Pick<BarsProps, "label" | "bars" | "unit" | "format">> {
  children: VNode;
}

function Figure({ label, bars, unit, format, children }: FigureProps): VNode {
  const id = useId();
  return (
    <figure class="chart" aria-labelledby={id}>
      {children}
      <div class="sr">
        <table>
          <caption id={id}>{label}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{unit}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.label}>
                <th scope="row">{bar.label}</th>
                <td>{format(bar.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function told({ label, value, usual }: Bar, unit: string, format: (value: number) => string): string {
  const normally = usual === undefined ? "" : `, usually ${format(usual)}`;
  return `${label}: ${format(value)} ${unit}${normally}`;
}

function above(bar: Bar, y: (value: number) => number): number {
  const near = bar.usual !== undefined && Math.abs(y(bar.usual) - y(bar.value) + 9) < 13;
  return y(near ? Math.max(bar.value, bar.usual!) : bar.value) - 8;
}

function top(bars: readonly Bar[]): number {
  return Math.max(1, ...bars.map((bar) => Math.max(bar.value, bar.usual ?? 0)));
}
