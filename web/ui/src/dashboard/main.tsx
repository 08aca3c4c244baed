import "../lib/base.css";
import "./dashboard.css";
import { render } from "preact";

function DashboardPage() {
  return (
    <main class="page">
      <h1>Dashboard</h1>
    </main>
  );
}

render(<DashboardPage />, document.getElementById("app")!);
