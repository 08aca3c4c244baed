import "../lib/base.css";
import "./menu.css";
import { render } from "preact";

function MenuPage() {
  return (
    <main class="page">
      <h1>Menu</h1>
    </main>
  );
}

render(<MenuPage />, document.getElementById("app")!);
