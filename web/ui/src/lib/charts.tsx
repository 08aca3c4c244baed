/** Charts drawn as SVG: bars that can be focused, the numbers as a table for those who cannot see them. */

import "./charts.css";
import type { VNode } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

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

const PLOT_TOP = 22;
const DIGIT = 8.5;
const GAP = 6;
const LINES = [0.25, 0.5, 0.75, 1];

/** Upright bars, for hours and distributions. Drawn in the screen's own pixels, so that words keep their size. */
export function Bars({ label, bars, unit, format = String, height = 230 }: BarsProps): VNode {
  const [svg, width] = useWidth();
  const most = top(bars);
  const step = width / Math.max(1, bars.length);
  const whole = height + PLOT_TOP + 30;
  const every = Math.ceil((DIGIT * Math.max(...bars.map((bar) => bar.label.length)) + GAP) / step) || 1;
  const y = (value: number) => PLOT_TOP + height - (value / most) * height;
  return (
    <Figure label={label} bars={bars} unit={unit} format={format}>
      <svg ref={svg} viewBox={`0 0 ${width} ${whole}`} height={whole} class="bars" role="group" aria-label={label}>
        {LINES.map((part) => (
          <line
            key={part}
            class="rule"
            x1={0}
            x2={width}
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
            {bar.value > 0 && (bar.value === most || fits(format(bar.value), step)) && (
              <text class="value" x={step / 2} y={above(bar, y)}>{format(bar.value)}</text>
            )}
            {index % every === 0 && <text x={step / 2} y={height + PLOT_TOP + 22}>{bar.label}</text>}
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

/** How wide the drawing is on the screen; known before it is painted. */
function useWidth() {
  const svg = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(860);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(120, Math.round(svg.current!.getBoundingClientRect().width)) || 860);
    const watching = new ResizeObserver(measure);
    measure();
    watching.observe(svg.current!);
    return () => watching.disconnect();
  }, []);
  return [svg, width] as const;
}

function fits(text: string, step: number): boolean {
  return text.length * DIGIT <= step + 4;
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
