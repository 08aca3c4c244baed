import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Bars, Ranking } from "./charts.tsx";
import { Button, Field, join, pressToast, Progress, Segments, toast, Toasts } from "./parts.tsx";

afterEach(cleanup);

describe("a button", () => {
  it("does nothing while it is busy, and says so", () => {
    const press = vi.fn();
    const { rerender } = render(<Button onClick={press}>Bump</Button>);
    fireEvent.click(screen.getByRole("button", { name: "Bump" }));
    rerender(<Button busy onClick={press}>Bump</Button>);
    fireEvent.click(screen.getByRole("button", { name: "Bump" }));
    expect(press).toHaveBeenCalledOnce();
    expect(screen.getByRole("button").getAttribute("aria-busy")).toBe("true");
  });
});

describe("a field", () => {
  it("is named by its label alone, and described by what is wrong with it", () => {
    render(<Field label="Name" hint="As we call it out" wrong="We need a name." />);
    const input = screen.getByLabelText("Name", { exact: true });
    const told = document.getElementById(input.getAttribute("aria-describedby")!);
    expect(told?.textContent).toBe("We need a name.");
    expect(input.getAttribute("aria-invalid")).toBe("true");
  });
});

describe("toasts", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("go away by themselves, or when they are taken back", async () => {
    render(<Toasts />);
    toast({ text: "Order 108 bumped", seconds: 6 });
    const takeBack = toast({ text: "Order 109 bumped" });
    await vi.advanceTimersByTimeAsync(10);
    expect(screen.getByRole("status").textContent).toBe("Order 108 bumpedOrder 109 bumped");
    takeBack();
    await vi.advanceTimersByTimeAsync(6000);
    expect(screen.getByRole("status").textContent).toBe("");
  });

  it("are answered by touch or by a key, once", async () => {
    render(<Toasts />);
    const undo = vi.fn();
    toast({ text: "Order 108 bumped", action: { label: "Undo", run: undo } });
    await vi.advanceTimersByTimeAsync(10);
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(pressToast()).toBe(false);
    toast({ text: "Order 109 bumped", action: { label: "Undo", run: undo } });
    expect(pressToast()).toBe(true);
    expect(undo).toHaveBeenCalledTimes(2);
  });
});

describe("choices and bars", () => {
  it("say which one is chosen", () => {
    const choose = vi.fn();
    const options = [["now", "As soon as possible"], ["later", "Later"]] as const;
    render(<Segments label="When" options={options} value="now" onChange={choose} />);
    expect(screen.getByRole("button", { pressed: true }).textContent).toBe("As soon as possible");
    fireEvent.click(screen.getByRole("button", { name: "Later" }));
    expect(choose).toHaveBeenCalledWith("later");
  });

  it("stay within what they measure", () => {
    render(<Progress value={130} label="Progress" />);
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("100");
  });

  it("join names that are there", () => {
    expect(join("a", false, undefined, "", "plain", "b")).toBe("a b");
  });
});

describe("charts", () => {
  const bars = [{ label: "18", value: 910, usual: 820 }, { label: "19", value: 1240 }, { label: "20", value: 0 }];
  const format = (value: number) => `${value} €`;

  it("can be walked through bar by bar, and read as a table", () => {
    render(<Bars label="Sales by hour" bars={bars} unit="sales" format={format} />);
    const names = screen.getAllByRole("img").map((bar) => bar.getAttribute("aria-label"));
    expect(names).toEqual(["18: 910 € sales, usually 820 €", "19: 1240 € sales", "20: 0 € sales"]);
    expect(screen.getByRole("row", { name: "19 1240 €" })).toBeTruthy();
    const tallest = document.querySelectorAll(".fill")[1]!;
    expect(Number(tallest.getAttribute("height"))).toBe(230);
  });

  it("do not fall over when there is nothing", () => {
    render(<Bars label="Sales by hour" bars={[]} unit="sales" />);
    render(<Ranking label="What sells" bars={[{ label: "Fries", value: 0 }]} unit="pieces" />);
    expect(screen.getByRole("table", { name: "What sells" })).toBeTruthy();
  });
});
