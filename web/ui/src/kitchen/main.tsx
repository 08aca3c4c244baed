import "../lib/base.css";
import "./kitchen.css";
import { render } from "preact";

function KitchenPage() {
  return (
    <main class="page">
      <h1>Kitchen</h1>
    </main>
  );
}

render(<KitchenPage />, document.getElementById("app")!);
