/** Asks once who is there, and keeps nothing but the cookie that the server sets, which scripts cannot read. */

import "./signin.css";
import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { load, Problem, send, type Session, signedOut } from "./api.ts";
import { KeyIcon, Mark, OfflineIcon } from "./icons.tsx";
import { Banner, Button, Field, Segments } from "./parts.tsx";
import * as storage from "./storage.ts";
import { sentence } from "./words.ts";

export type Role = "pos" | "kitchen" | "manager" | "admin";

/** Who is signed in; null for nobody, and until that is known. */
export const session = signal<Session | null>(null);

const KEPT = "session";

/** Signs the browser out; the form shows itself. */
export async function signOut(): Promise<void> {
  await send("DELETE", "/v1/session");
  await storage.remove("cache", KEPT);
  session.value = null;
  signedOut.value = true;
}

interface SignInProps {
  /** Whose page this is. The admin may open every page. */
  roles: readonly Role[];
  /** The page's name, as the form says it: "the kitchen". */
  place: string;
  children: (session: Session) => ComponentChildren;
}

/**
 * Shows *children* to whoever is signed in and may, and the form to everybody else.
 *
 * Without a network the page opens for who was signed in last: it shows what this device knows, and can change nothing.
 */
export function SignIn({ roles, place, children }: SignInProps): VNode {
  const asking = useSignal(true);
  const unreachable = useSignal(false);
  const ask = async () => {
    asking.value = true;
    unreachable.value = false;
    try {
      welcome((await load<Session>("/v1/session")).data!);
    } catch (reason) {
      if (reason instanceof Problem && !reason.passing) session.value = null;
      else if (!session.value) session.value = (await storage.get<Session>("cache", KEPT)) ?? null;
      unreachable.value = !(reason instanceof Problem) && !session.value;
    }
    asking.value = false;
  };
  useEffect(() => void ask(), []);

  const known = session.value;
  if (known && !signedOut.value && mayEnter(known, roles)) return <>{children(known)}</>;
  return (
    <main class="sign-in" aria-busy={asking.value}>
      <div class="torn-shadow">
        <div class="torn">
          {unreachable.value
            ? <Unreachable onRetry={() => void ask()} />
            : asking.value
            ? <p role="status">One moment</p>
            : <SignInForm place={place} wrongRole={known && !signedOut.value ? known.role : null} />}
        </div>
      </div>
    </main>
  );
}

function mayEnter({ role }: Session, roles: readonly Role[]): boolean {
  return role === "admin" || roles.includes(role as Role);
}

function welcome(known: Session): void {
  session.value = known;
  signedOut.value = false;
  void storage.put("cache", KEPT, known);
}

function Unreachable({ onRetry }: { onRetry: () => void }): VNode {
  return (
    <>
      <Mark size={44} />
      <h1>No connection</h1>
      <Banner icon={OfflineIcon} announced>The server cannot be reached from here.</Banner>
      <Button kind="primary" onClick={onRetry}>Try again</Button>
    </>
  );
}

/** The server redeems the code of a link before the page is there; one that arrives here opened nothing. */
const usedLink = new URLSearchParams(globalThis.location?.search).has("code");

type Way = "key" | "pin";
const WAYS = [["key", "API key"], ["pin", "Station PIN"]] as const;

function SignInForm({ place, wrongRole }: { place: string; wrongRole: string | null }): VNode {
  const way = useSignal<Way>(storage.recall<Way>("sign-in-way", "key"));
  const wrong = useSignal<string | null>(null);
  const busy = useSignal(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement)) as Record<string, string>;
    busy.value = true;
    wrong.value = null;
    try {
      welcome((await send<Session>("POST", "/v1/session", credentials(way.value, given))).data);
    } catch (reason) {
      wrong.value = objection(reason, way.value);
    }
    busy.value = false;
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Mark size={44} />
      <h1>Sign in to {place}</h1>
      {usedLink && <Banner announced>This sign-in link was used before, or is over.</Banner>}
      {wrongRole && <Banner tone="late" announced>A key of role {wrongRole} does not open this page.</Banner>}
      <Segments label="Sign in with" options={WAYS} value={way.value} onChange={(chosen) => choose(chosen)} />
      {way.value === "key" ? <KeyField wrong={wrong.value} /> : <PinFields wrong={wrong.value} />}
      <Button kind="primary" type="submit" icon={KeyIcon} busy={busy.value}>Sign in</Button>
      <p class="once">You stay signed in on this device for twelve hours.</p>
    </form>
  );

  function choose(chosen: Way): void {
    way.value = chosen;
    wrong.value = null;
    storage.remember("sign-in-way", chosen);
  }
}

function KeyField({ wrong }: { wrong: string | null }): VNode {
  return (
    <>
      {/* Password managers keep a key only under a name. */}
      <input type="text" name="username" value="API key" autocomplete="username" hidden readOnly />
      <Field
        label="API key"
        name="api_key"
        type="password"
        autocomplete="current-password"
        required
        wrong={wrong}
        hint="Whoever runs this server can make one."
      />
    </>
  );
}

function PinFields({ wrong }: { wrong: string | null }): VNode {
  const asked = new URLSearchParams(location.search).get("station") ?? storage.recall("sign-in-station", "");
  return (
    <>
      <Field label="Location" name="location" required value={storage.recall("sign-in-location", "main")} />
      <Field label="Station" name="station" required value={asked} />
      <Field label="PIN" name="pin" type="password" inputmode="numeric" autocomplete="off" required wrong={wrong} />
    </>
  );
}

function credentials(way: Way, given: Record<string, string>): Record<string, string> {
  if (way === "key") return { api_key: given.api_key!.trim() };
  const { location = "", station = "", pin = "" } = given;
  storage.remember("sign-in-location", location.trim());
  storage.remember("sign-in-station", station.trim());
  return { location: location.trim(), station: station.trim(), pin: pin.trim() };
}

function objection(reason: unknown, way: Way): string {
  if (!(reason instanceof Problem) || reason.status !== 401) return sentence(reason);
  return way === "key" ? "This key opens nothing. Is it complete?" : "That is not the PIN of this station.";
}
