import "../lib/base.css";
import "./tracking.css";
import { render } from "preact";

function TrackingPage() {
  return (
    <main class="page">
      <h1>Tracking</h1>
    </main>
  );
}

render(<TrackingPage />, document.getElementById("app")!);
