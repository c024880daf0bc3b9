// Values of the curves, and numbers as they are written elsewhere on the page.
const root = document.documentElement;
const data = JSON.parse(document.getElementById("data").textContent);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
root.classList.add("script");

const column = (Kind, text) => new Kind(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const axes = data.axes.map((text) => column(Uint32Array, text));
const known = new Map();
const seriesOf = (name) => {
  const entry = data.series[name];
  if (entry && !known.has(name)) {
    const y = column(Float32Array, entry.y);
    const [low, high] = entry.low ? [entry.low, entry.high].map((text) => column(Float32Array, text)) : [y, y];
    known.set(name, { x: axes[entry.axis], y, low, high });
  }
  return known.get(name);
};

const short = (n) => {
  if (!Number.isFinite(n)) return Number.isNaN(n) ? "\u2013" : n > 0 ? "\u221e" : "\u2212\u221e";
  const size = Math.abs(n);
  let text;
  if (Number.isInteger(n) && size < 1e6) text = n.toLocaleString("en-US");
  else if (size < 1e-3 || size >= 1e6) text = n.toExponential(2).replace("e+", "e");
  else text = n.toFixed(Math.max(0, 2 - Math.min(2, Math.max(-2, Math.floor(Math.log10(size))))));
  return text.replace(/-/g, "\u2212");
};
// The last place that begins at a step or before it.
const indexAt = (xs, step) => {
  let [low, high] = [0, xs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= step) low = middle + 1; else high = middle;
  }
  return low - 1;
};
const reading = (series, step) => {
  const at = series ? indexAt(series.x, step) : -1;
  if (at < 0) return "\u2013";
  const value = short(series.y[at]);
  if (!(series.low[at] < series.high[at])) return value;
  return `${value} [${short(series.low[at])}, ${short(series.high[at])}]`;
};
