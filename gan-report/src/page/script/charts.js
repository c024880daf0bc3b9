// Charts: what is shown of all of them is one range of steps, with one line through it; each has its own scale.
const charts = all(".chart").map((chart) => {
  const view = chart.querySelector(".view");
  const figure = view.querySelector(".figure");
  const ends = (name) => figure.dataset[name].split(" ").map(Number);
  const at = view.appendChild(document.createElement("div"));
  at.className = "at";
  at.style.display = "none";
  const legend = all("[data-series]", chart).map((item) => {
    return { output: item.querySelector(".value"), kind: item.className, series: seriesOf(item.dataset.series) };
  });
  const x = ends("x");
  const marks = all(".mark", figure).map((mark) => {
    return x[0] + (parseFloat(mark.getAttribute("d").slice(1)) / 1000) * (x[1] - x[0]);
  });
  return { chart, view, figure, at, legend, marks, x, original: figure.innerHTML, isFlipped: false,
    isLog: figure.dataset.scale === "log" };
});
const whole = charts.length ? charts[0].x : [0, 1];
let [range, reach, now] = [null, 0, null];
const shown = () => range || whole;

const showStep = (step) => {
  const [from, to] = shown();
  for (const { at, legend } of charts) {
    const share = (step - from) / (to - from);
    at.style.display = share < 0 || share > 1 ? "none" : "";
    at.style.left = `${100 * share}%`;
    at.dataset.step = data.words.step.replace("{}", Math.round(step).toLocaleString("en-US"));
    at.classList.toggle("right", share > 0.5);
    for (const { output, series } of legend) output.textContent = reading(series, step);
  }
};

// Ticks at 1, 2 or 5 times a power of ten.
const ticks = (low, high, wanted) => {
  const rough = (high - low) / wanted;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5].find((factor) => factor * unit >= rough * 0.999) || 10);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) {
    const isFar = decimals > 4 || Math.abs(n * step) >= 1e7;
    found.push([n * step, (isFar ? short(n * step) : (n * step).toFixed(decimals)).replace(/-/g, "\u2212")]);
  }
  return found;
};
const ticksOfLog = (low, high) => {
  if (high - low < 1) {
    return ticks(10 ** low, 10 ** high, 5).filter(([v]) => v > 0).map(([v, text]) => [Math.log10(v), text]);
  }
  const [stride, factors] = [Math.ceil((high - low) / 6), high - low <= 2 ? [1, 2, 5] : [1]];
  const text = (factor, n) => (n < -3 || n > 4 ? `${factor}e${n}` : (factor * 10 ** n).toFixed(Math.max(0, -n)));
  const found = [];
  for (let n = Math.floor(low / stride) * stride; n <= high; n += stride) {
    for (const factor of factors) found.push([n + Math.log10(factor), text(factor, n).replace("-", "\u2212")]);
  }
  return found.filter(([v]) => v >= low && v <= high);
};

// What is drawn of a series: its values in the range and one beyond each end; or, as a robust line, 240 running
// medians with the lowest and the highest value of the same stretch.
const part = ({ x, y, low, high }, [from, to]) => {
  const [first, last] = [Math.max(0, indexAt(x, from)), Math.min(x.length - 1, indexAt(x, to) + 1)];
  const stride = reach ? Math.max(1, Math.floor((last - first) / 240)) : 1;
  const rows = [];
  for (let i = first; i <= last; i += stride) {
    if (!reach) { rows.push([x[i], y[i], low[i], high[i]]); continue; }
    const [begin, end] = [indexAt(x, x[i] - reach / 2) + 1, indexAt(x, x[i] + reach / 2) + 1];
    const near = y.slice(Math.min(begin, i), Math.max(end, i + 1)).filter(Number.isFinite).sort();
    const of = (values, pick) => values.slice(begin, end).filter(Number.isFinite).reduce((a, b) => pick(a, b));
    rows.push(near.length ? [x[i], near[(near.length - 1) >> 1], of(low, Math.min), of(high, Math.max)] : [x[i], NaN]);
  }
  return rows;
};
// Unbroken runs of rows that have a height.
const runsOf = (rows, height) => rows.reduce((runs, row) => {
  if (!Number.isFinite(height(row[1]))) runs.push([]); else runs[runs.length - 1].push(row);
  return runs;
}, [[]]).filter((run) => run.length);

const draw = (each) => {
  const { figure, legend, original, x, marks, isLog, isFlipped } = each;
  if (!range && !reach && !isFlipped) { figure.innerHTML = original; return; }
  const height = isLog ? Math.log10 : (v) => v;
  const [from, to] = range || x;
  const lines = legend.filter(({ series }) => series).map(({ series, kind }) => ({ kind, rows: part(series, [from, to]) }));
  const heights = lines.flatMap(({ rows }) => rows.filter(([at]) => at >= from && at <= to).flatMap((row) => row.slice(1)))
    .map(height).filter(Number.isFinite);
  let [low, high] = heights.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const margin = high > low ? 0.04 * (high - low) : Math.abs(high) * 0.1 || 1;
  [low, high] = heights.length ? [low - margin, high + margin] : [0, 1];
  const across = (v) => (100 * (v - from)) / (to - from);
  const up = (v) => 100 * (1 - (Math.max(low, height(v)) - low) / (high - low));
  const place = (at, v) => `${(10 * across(at)).toFixed(2)} ${(10 * (Number.isFinite(height(v)) ? up(v) : 100)).toFixed(2)}`;
  const band = (run) => `M${run.map((row) => place(row[0], row[3])).concat(run.map((row) => place(row[0], row[2])).reverse()).join("L")}Z`;
  const line = (run) => `M${run.map((row) => place(row[0], row[1])).join("L")}${run.length > 1 ? "" : "h0"}`;
  const path = (kind, d) => `<path class="${kind}" d="${d}"/>`;
  const drawn = lines.map(({ kind, rows }) => ({ kind, runs: runsOf(rows, height) }));
  const bands = drawn.map(({ kind, runs }) => {
    return path(`band ${kind}`, runs.filter((run) => run.some((row) => row[2] < row[3])).map(band).join(""));
  });
  const beside = (isLog ? ticksOfLog(low, high) : ticks(low, high, 5)).map(([v, text]) => [100 * (1 - (v - low) / (high - low)), text]);
  figure.innerHTML = `<g class="grid">${beside.map(([p]) => `<line x1="0" x2="100%" y1="${p}%" y2="${p}%"/>`).join("")}</g>
    <g class="ticks-y" text-anchor="end">${beside.map(([p, t]) => `<text x="0" y="${p}%" dx="-8" dy="0.32em">${t}</text>`).join("")}</g>
    <g class="ticks-x" text-anchor="middle">${ticks(from, to, 4).map(([v, t]) => {
      return `<text x="${across(v)}%" y="100%" dy="1.5em">${t}</text>`;
    }).join("")}</g>
    <svg class="plot" width="100%" height="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none">
    ${marks.map((mark) => path("mark", `M${10 * across(mark)} 0V1000`)).join("")}${bands.join("")}
    ${drawn.map(({ kind, runs }) => path(`line ${kind}`, runs.map(line).join(""))).join("")}</svg>`;
};

const [reset, closer, wider, robust] = [".reset", ".closer", ".wider", "#robust"].map((name) => document.querySelector(name));
const redraw = () => {
  charts.forEach(draw);
  if (reset) [reset.disabled, wider.disabled] = [!range, !range];
  showStep(now === null ? whole[1] : now);
};
const zoom = (wanted) => {
  range = wanted && [Math.max(whole[0], wanted[0]), Math.min(whole[1], wanted[1])];
  if (range && range[1] - range[0] >= whole[1] - whole[0]) range = null;
  redraw();
};
const zoomBy = (factor) => {
  const [from, to] = shown();
  const half = ((to - from) * factor) / 2;
  const middle = Math.min(Math.max(now === null ? to : now, whole[0] + half), whole[1] - half);
  if (2 * half >= whole[1] - whole[0]) zoom(null); else if (half > 0.5) zoom([middle - half, middle + half]);
};
// Moves the line; at the edge, what is shown moves with it.
const moveBy = (share) => {
  const [from, to] = shown();
  const step = Math.min(whole[1], Math.max(whole[0], (now === null ? to : now) + share * (to - from)));
  const beyond = step < from ? step - from : Math.max(0, step - to);
  if (range && beyond) zoom([from + beyond, to + beyond]);
  moveTo(step);
};
if (reset) {
  reset.parentElement.hidden = false;
  reset.addEventListener("click", () => zoom(null));
  closer.addEventListener("click", () => zoomBy(0.5));
  wider.addEventListener("click", () => zoomBy(2));
  robust.addEventListener("change", () => { reach = Number(robust.value) * (whole[1] - whole[0]); redraw(); });
}
const keys = { "+": () => zoomBy(0.5), "=": () => zoomBy(0.5), "-": () => zoomBy(2), 0: () => zoom(null) };
for (const each of charts) {
  const { chart, view } = each;
  const button = chart.querySelector(".scale");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      each.isFlipped = !each.isFlipped;
      each.isLog = each.isFlipped ? button.dataset.scale === "log" : each.figure.dataset.scale === "log";
      button.setAttribute("aria-pressed", String(each.isFlipped));
      draw(each);
    });
  }
  chart.querySelector(".canvas").addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) moveBy(way * (event.shiftKey ? 0.1 : 0.01)); else if (keys[event.key]) keys[event.key](); else return;
    event.preventDefault();
  });
  let [start, selection] = [null, null];
  const stepAt = (event) => {
    const box = view.getBoundingClientRect();
    const [from, to] = shown();
    return from + Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * (to - from);
  };
  const end = () => { if (selection) selection.remove(); start = selection = null; };
  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    start = stepAt(event);
    view.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  view.addEventListener("pointermove", (event) => {
    const step = stepAt(event);
    showStep(step);
    if (start === null) return;
    if (!selection) {
      selection = view.appendChild(document.createElement("div"));
      selection.className = "selection";
    }
    const [from, to] = shown();
    selection.style.left = `${(100 * (Math.min(start, step) - from)) / (to - from)}%`;
    selection.style.width = `${(100 * Math.abs(step - start)) / (to - from)}%`;
  });
  view.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const [from, to] = [start, stepAt(event)].sort((a, b) => a - b);
    end();
    if (to - from >= 1 && to - from > 0.01 * (shown()[1] - shown()[0])) zoom([from, to]); else moveTo(stepAt(event));
  });
  view.addEventListener("pointercancel", end);
  view.addEventListener("pointerleave", () => { if (start === null && now !== null) showStep(now); });
  view.addEventListener("dblclick", () => zoom(null));
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") zoom(null); });
