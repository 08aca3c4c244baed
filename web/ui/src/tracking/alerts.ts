/** When to call somebody who is not looking, and with which words. */

import type { PublicOrder } from "../lib/api.ts";

export type Alert = "ready" | "recalled" | "cancelled";

export interface Call {
  title: string;
  body: string;
}

/** What has just come true between two states of an order that a guest must hear of at once; null for the rest. */
export function alertFor(before: PublicOrder | null, after: PublicOrder): Alert | null {
  if (!before || before.version >= after.version || before.status === after.status) return null;
  if (after.status === "ready") return "ready";
  if (after.status === "cancelled" || after.status === "rejected") return "cancelled";
  // Progress falls on a recall only; an order that merely got another dish is not taken back.
  const back = before.status === "ready" || before.status === "completed";
  return back && after.status === "preparing" && after.progress < before.progress ? "recalled" : null;
}

export function callOf(alert: Alert, { number, channel }: PublicOrder): Call {
  if (alert === "ready") {
    const body = {
      takeaway: "Come and get it.",
      delivery: "It is about to leave.",
      dine_in: "It is on its way to you.",
    };
    return { title: `Order ${number} is ready`, body: body[channel] };
  }
  if (alert === "recalled") {
    return {
      title: `Order ${number} is not ready after all`,
      body: "The kitchen took it back to put something right.",
    };
  }
  return { title: `Order ${number} was cancelled`, body: "Open the page to read why." };
}

/** The title of the tab, which is all that is seen of it most of the time. */
export function titleOf(order: PublicOrder, badge: string, place: string | null): string {
  const parts = [`Order ${order.number}`, order.status === "ready" ? "" : badge.toLowerCase(), place ?? ""];
  return `${order.status === "ready" ? "(Ready) " : ""}${parts.filter(Boolean).join(" · ")}`;
}
