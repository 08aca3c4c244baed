/** Icons drawn by ourselves: no font of symbols, no emoji. Each is hidden from screen readers unless it has a label. */

import type { ComponentChildren, VNode } from "preact";

export interface IconProps {
  /** Width and height: a number of pixels, or a CSS length. 1.25em by default. */
  size?: number | string;
  /** What it says where nothing beside it does. */
  label?: string;
  class?: string;
}

export type Icon = (props: IconProps) => VNode;

function svg(props: IconProps, children: ComponentChildren, filled = false): VNode {
  const { size = "1.25em", label } = props;
  const named = label ? { role: "img" as const, "aria-label": label } : { "aria-hidden": true };
  const paint = filled ? { fill: "currentColor" } : {
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 2.2,
    "stroke-linecap": "round" as const,
    "stroke-linejoin": "round" as const,
  };
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} class={props.class} focusable="false" {...named} {...paint}>
      {children}
    </svg>
  );
}

const line = (props: IconProps, d: string): VNode => svg(props, <path d={d} />);
const solid = (props: IconProps, d: string): VNode => svg(props, <path d={d} />, true);

export const CheckIcon: Icon = (p) => line(p, "M4 12.5l5 5L20 6.5");
export const CloseIcon: Icon = (p) => line(p, "M6 6l12 12M18 6L6 18");
export const PlusIcon: Icon = (p) => line(p, "M12 5v14M5 12h14");
export const MinusIcon: Icon = (p) => line(p, "M5 12h14");
export const FlameIcon: Icon = (p) =>
  line(p, "M12 4c.6 3.4 5.5 5.4 5.5 10.5a5.5 5.5 0 0 1-11 0c0-2 1-3.3 2-4.3.3 1.3 1 2 1.9 2.3C10 9.5 10.5 6.2 12 4z");
export const ClockIcon: Icon = (p) => line(p, "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2");
export const BellIcon: Icon = (p) => line(p, "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5a2 2 0 0 0 4 0");
export const BagIcon: Icon = (p) => line(p, "M5 8h14l1 12H4zM9 8V7a3 3 0 0 1 6 0v1");
export const TableIcon: Icon = (p) => line(p, "M3 8h18M6 8v11M18 8v11M6 13h12");
export const BikeIcon: Icon = (p) =>
  line(
    p,
    "M5.5 13.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM18.5 13.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5.5 17l4-8h6l3 8M9 11l5 6h4.5M14 5h2.5l1 4",
  );
export const BasketIcon: Icon = (p) => line(p, "M4 10h16l-1.5 10h-13zM8.5 10l2-6M15.5 10l-2-6M10 14v3M14 14v3");
export const WarningIcon: Icon = (p) => line(p, "M12 4L2.5 20h19zM12 10.5v4M12 17.3v.2");
export const UndoIcon: Icon = (p) => line(p, "M9 5L4 10l5 5M4 10h9a6 6 0 0 1 0 12h-2");
export const RedoIcon: Icon = (p) =>
  line(p, "M4 12a8 8 0 0 1 13.7-5.6L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.6L4 15.5M4 20v-4.5h4.5");
export const SearchIcon: Icon = (p) => line(p, "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20.5 20.5");
export const SoundIcon: Icon = (p) =>
  line(p, "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11");
export const MuteIcon: Icon = (p) => line(p, "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5");
export const SunIcon: Icon = (p) =>
  line(
    p,
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  );
export const MoonIcon: Icon = (p) => line(p, "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z");
export const FullscreenIcon: Icon = (p) => line(p, "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5");
export const ShareIcon: Icon = (p) => line(p, "M12 15V3.5M8 7l4-4 4 4M5 12v8h14v-8");
export const CopyIcon: Icon = (p) => line(p, "M9 9h11v11H9zM5 15H4V4h11v1");
export const QrIcon: Icon = (p) =>
  line(p, "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2M20 14v2M14 18v2M18 18h2M17 20h3v-2");
export const OfflineIcon: Icon = (p) =>
  line(
    p,
    "M3 9.5a14 14 0 0 1 5-3M21 9.5a14 14 0 0 0-8.5-3.9M6 13a9.5 9.5 0 0 1 4-2.3M18 13a9.5 9.5 0 0 0-3-2M12 18.5v.1M4 4l16 16",
  );
export const OnlineIcon: Icon = (p) =>
  line(p, "M3 9.5a14 14 0 0 1 18 0M6 13a9.5 9.5 0 0 1 12 0M9 16.3a4.8 4.8 0 0 1 6 0M12 19.5v.1");
export const PinIcon: Icon = (p) =>
  line(p, "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z");
export const PhoneIcon: Icon = (p) =>
  line(p, "M5 4h4l1.5 5-2.3 1.6a12 12 0 0 0 5.2 5.2L15 13.5l5 1.5v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z");
export const PersonIcon: Icon = (p) => line(p, "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0");
export const NoteIcon: Icon = (p) => line(p, "M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 9h7M8.5 13h3");
export const LeafIcon: Icon = (p) => line(p, "M5 19c0-9 5-14 15-15 0 10-5 15-13 14.5M5 19c2-4 5-7 9-9");
export const PotIcon: Icon = (p) =>
  line(
    p,
    "M5 10h14v7a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3zM2.5 12.5H5M19 12.5h2.5M9 6.5c-1-1.2 1-2 0-3.5M13 6.5c-1-1.2 1-2 0-3.5",
  );
export const RushIcon: Icon = (p) => line(p, "M13 2.5L5 13.5h6l-1 8 8-11h-6z");
export const LogOutIcon: Icon = (p) => line(p, "M14 4H5v16h9M10 12h11M17 8l4 4-4 4");
export const KeyIcon: Icon = (p) => line(p, "M8 11.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 13L20 4M17 7l2.5 2.5M14 10l2 2");
export const FilterIcon: Icon = (p) => line(p, "M4 5h16l-6.5 8v5.5l-3 1.5v-7z");
export const DownIcon: Icon = (p) => line(p, "M5 9l7 7 7-7");
export const RightIcon: Icon = (p) => line(p, "M9 5l7 7-7 7");
export const LeftIcon: Icon = (p) => line(p, "M15 5l-7 7 7 7");
export const MoreIcon: Icon = (p) =>
  solid(
    p,
    "M5 9.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM12 9.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM19 9.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  );
export const GearIcon: Icon = (p) =>
  line(
    p,
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM9 14.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  );
export const PrintIcon: Icon = (p) => line(p, "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z");
export const DownloadIcon: Icon = (p) => line(p, "M12 3.5V15M8 11l4 4 4-4M5 20h14");
export const KeyboardIcon: Icon = (p) => line(p, "M3 6.5h18v11H3zM7 10v.1M11 10v.1M15 10v.1M18 10v.1M8 14h8");
export const HelpIcon: Icon = (p) =>
  line(p, "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 16.5v.1");
export const AwakeIcon: Icon = (p) =>
  line(p, "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z");
export const PauseIcon: Icon = (p) =>
  solid(
    p,
    "M7.5 5h1.5A1.5 1.5 0 0 1 10.5 6.5v11A1.5 1.5 0 0 1 9 19H7.5A1.5 1.5 0 0 1 6 17.5v-11A1.5 1.5 0 0 1 7.5 5zM15 5h1.5A1.5 1.5 0 0 1 18 6.5v11a1.5 1.5 0 0 1-1.5 1.5H15a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 15 5z",
  );
export const PlayIcon: Icon = (p) =>
  solid(p, "M8 5.3v13.4a1 1 0 0 0 1.5.86l10.8-6.7a1 1 0 0 0 0-1.7L9.5 4.44A1 1 0 0 0 8 5.3z");

/** How far an item is: an empty ring, a ring that fills, a tick. */
export function RingIcon({ done, ...props }: IconProps & { done: "no" | "half" | "yes" }): VNode {
  if (done === "no") return line(props, "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z");
  if (done === "half") {
    const wedge = <path d="M12 12V6a6 6 0 1 1-5.7 4.1z" fill="currentColor" stroke="none" />;
    return svg(
      props,
      <g>
        {wedge}
        <circle cx="12" cy="12" r="9.5" />
      </g>,
    );
  }
  const tick = <path d="M7 12.5l3.5 3.5L17 9" stroke="var(--ring-tick, #fff)" stroke-width="2.6" />;
  return svg(
    props,
    <g>
      <circle cx="12" cy="12" r="10.5" fill="currentColor" stroke="none" />
      {tick}
    </g>,
  );
}

/** The house's sign: a cloche on tomato. */
export function Mark({ size = 30, label, ...rest }: IconProps): VNode {
  const named = label ? { role: "img" as const, "aria-label": label } : { "aria-hidden": true };
  return (
    <svg viewBox="0 0 30 30" width={size} height={size} class={rest.class} focusable="false" {...named}>
      <rect width="30" height="30" rx="9" fill="#c2321c" />
      <path d="M8 20a7 7 0 0 1 14 0z" fill="#fff" />
      <rect x="6.5" y="20.8" width="17" height="2.4" rx="1.2" fill="#fff" />
      <circle cx="15" cy="11.6" r="1.7" fill="#fff" />
    </svg>
  );
}

export const CHANNEL_ICON = { dine_in: TableIcon, takeaway: BagIcon, delivery: BikeIcon } as const;
