"use strict";
// The slider, hover, zoom, scales and theme of the page. Without it all is there, and stands still.
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("script");

  // Numbers as they are written elsewhere on the page.
  const short = (n) => {
    if (typeof n !== "number") return String(n);
    const size = Math.abs(n);
    let text;
    if (Number.isInteger(n) && size < 1e6) text = n.toLocaleString("en-US");
    else if (size < 1e-3 || size >= 1e6) text = n.toExponential(2).replace("e+", "e");
    else text = n.toFixed(Math.max(0, 2 - Math.min(2, Math.max(-2, Math.floor(Math.log10(size))))));
    return text.replace(/-/g, "\u2212");
  };
  // The last bin that begins at a step or before it.
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
    if (!series.low || series.low[at] === series.high[at]) return value;
    return `${value} [${short(series.low[at])}, ${short(series.high[at])}]`;
  };

  // Light and dark.
  const theme = document.querySelector(".theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const isDark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = isDark ? "light" : "dark";
    });
  }

  // Charts: a range of steps that all of them show.
  const charts = all(".chart").map((chart) => {
    const views = all(".view", chart).map((view) => {
      const figure = view.querySelector(".figure");
      const ends = (name) => figure.dataset[name].split(" ").map(Number);
      const at = view.appendChild(document.createElement("div"));
      at.className = "at";
      at.style.display = "none";
      return { view, figure, at, plot: figure.querySelector(".plot"), x: ends("x"), y: ends("y"),
        grid: figure.querySelector(".grid").innerHTML, left: figure.querySelector(".ticks-y").innerHTML,
        below: figure.querySelector(".ticks-x").innerHTML, shown: ends("x"), isLog: figure.dataset.scale === "log" };
    });
    const legend = all("[data-series]", chart).map((item) => {
      return { output: item.querySelector(".value"), series: data.series[item.dataset.series] };
    });
    return { chart, views, legend };
  });
  let now = null;
  const showStep = (step) => {
    for (const { views, legend } of charts) {
      for (const { at, shown } of views) {
        const share = (step - shown[0]) / (shown[1] - shown[0]);
        at.style.display = share < 0 || share > 1 ? "none" : "";
        at.style.left = `${100 * share}%`;
        at.dataset.step = data.words.step.replace("{}", Math.round(step).toLocaleString("en-US"));
        at.classList.toggle("right", share > 0.5);
      }
      for (const { output, series } of legend) output.textContent = reading(series, step);
    }
  };

  // Ticks at 1, 2 or 5 times a power of ten.
  const ticks = (low, high, wanted) => {
    const rough = (high - low) / wanted;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = unit * ([1, 2, 5].find((factor) => factor * unit >= rough * 0.999) || 10);
    const found = [];
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) found.push(n * step);
    return { found, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
  };
  const tickText = (value, decimals) => {
    const isFar = decimals > 4 || Math.abs(value) >= 1e7;
    return (isFar ? short(value) : value.toFixed(decimals)).replace(/-/g, "\u2212");
  };
  const axisY = ([low, high], isLog) => {
    if (!isLog || high - low < 1) {
      const power = (v) => (isLog ? 10 ** v : v);
      const { found, decimals } = ticks(power(low), power(high), 5);
      const kept = isLog ? found.filter((v) => v > 0) : found;
      return kept.map((v) => [isLog ? Math.log10(v) : v, tickText(v, decimals)]);
    }
    const stride = Math.ceil((high - low) / 6);
    const factors = high - low <= 2 ? [1, 2, 5] : [1];
    const power = (factor, n) => (n < -3 || n > 4 ? `${factor}e${n}` : (factor * 10 ** n).toFixed(Math.max(0, -n)));
    const found = [];
    for (let n = Math.floor(low / stride) * stride; n <= high; n += stride) {
      for (const factor of factors) found.push([n + Math.log10(factor), power(factor, n).replace("-", "\u2212")]);
    }
    return found.filter(([v]) => v >= low && v <= high);
  };
  const heights = (legend, [from, to], isLog) => {
    let [low, high] = [Infinity, -Infinity];
    for (const { series } of legend.filter((each) => each.series)) {
      series.x.forEach((x, index) => {
        if (x < from || x > to) return;
        for (const column of [series.low || series.y, series.high || series.y]) {
          const y = isLog ? Math.log10(column[index]) : column[index];
          if (Number.isFinite(y)) [low, high] = [Math.min(low, y), Math.max(high, y)];
        }
      });
    }
    return [low, high];
  };
  const reset = document.querySelector(".reset");
  const zoom = (range) => {
    for (const { views, legend } of charts) {
      for (const each of views) {
        const { figure, plot, x, y, isLog } = each;
        each.shown = range || x;
        let [low, high] = range ? heights(legend, range, isLog) : y;
        if (!(low < high)) [low, high] = y;
        else if (range) [low, high] = [low - 0.04 * (high - low), high + 0.04 * (high - low)];
        const across = (v) => (1000 * (v - x[0])) / (x[1] - x[0]);
        const up = (v) => 1000 * (1 - (v - y[0]) / (y[1] - y[0]));
        const [left, top] = [across(each.shown[0]), up(high)];
        plot.setAttribute("viewBox", `${left} ${top} ${across(each.shown[1]) - left} ${up(low) - top}`);
        const part = (name, html) => { figure.querySelector(name).innerHTML = html; };
        if (!range) {
          part(".grid", each.grid);
          part(".ticks-y", each.left);
          part(".ticks-x", each.below);
          continue;
        }
        const placed = axisY([low, high], isLog).map(([v, text]) => [100 * (1 - (v - low) / (high - low)), text]);
        part(".grid", placed.map(([p]) => `<line x1="0" x2="100%" y1="${p}%" y2="${p}%"/>`).join(""));
        part(".ticks-y", placed.map(([p, t]) => `<text x="0" y="${p}%" dx="-8" dy="0.32em">${t}</text>`).join(""));
        const [from, to] = range;
        const { found, decimals } = ticks(from, to, 4);
        part(".ticks-x", found.map((v) => {
          return `<text x="${(100 * (v - from)) / (to - from)}%" y="100%" dy="1.5em">${tickText(v, decimals)}</text>`;
        }).join(""));
      }
    }
    if (reset) reset.disabled = !range;
    if (now !== null) showStep(now);
  };
  const whole = charts.length ? charts[0].views[0].x : [0, 1];
  const zoomBy = (factor, around) => {
    const [from, to] = charts[0].views[0].shown;
    const half = ((to - from) * factor) / 2;
    if (half * 2 >= whole[1] - whole[0]) return zoom(null);
    const middle = Math.min(Math.max(around, whole[0] + half), whole[1] - half);
    return half > 0.5 ? zoom([middle - half, middle + half]) : undefined;
  };
  if (reset) {
    reset.parentElement.hidden = false;
    reset.addEventListener("click", () => zoom(null));
  }
  for (const { chart, views } of charts) {
    const button = chart.querySelector(".scale");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const isPressed = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(isPressed));
        views.forEach(({ view }, index) => { view.hidden = (index === 1) !== isPressed; });
      });
    }
    chart.querySelector(".canvas").addEventListener("keydown", (event) => {
      if (event.key === "+" || event.key === "=") zoomBy(0.5, now === null ? whole[1] : now);
      else if (event.key === "-") zoomBy(2, now === null ? whole[1] : now);
      else if (event.key === "0") zoom(null);
      else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        const [from, to] = views[0].shown;
        const way = ((to - from) / 100) * (event.key === "ArrowLeft" ? -1 : 1);
        moveTo(Math.min(to, Math.max(from, (now === null ? to : now) + way)));
      }
      else return;
      event.preventDefault();
    });
    for (const each of views) {
      let start = null;
      let selection = null;
      const stepAt = (event) => {
        const box = each.view.getBoundingClientRect();
        const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        return each.shown[0] + share * (each.shown[1] - each.shown[0]);
      };
      const end = () => { if (selection) selection.remove(); start = selection = null; };
      each.view.addEventListener("pointerdown", (event) => {
        if (event.button !== 0 || event.pointerType === "touch") return;
        start = stepAt(event);
        each.view.setPointerCapture(event.pointerId);
        event.preventDefault();
      });
      each.view.addEventListener("pointermove", (event) => {
        const step = stepAt(event);
        showStep(step);
        if (start === null) return;
        if (!selection) {
          selection = each.view.appendChild(document.createElement("div"));
          selection.className = "selection";
        }
        const share = (v) => (100 * (v - each.shown[0])) / (each.shown[1] - each.shown[0]);
        selection.style.left = `${share(Math.min(start, step))}%`;
        selection.style.width = `${Math.abs(share(step) - share(start))}%`;
      });
      each.view.addEventListener("pointerup", (event) => {
        if (start === null) return;
        const range = [Math.min(start, stepAt(event)), Math.max(start, stepAt(event))];
        const isWide = range[1] - range[0] > 0.01 * (each.shown[1] - each.shown[0]);
        end();
        if (isWide && range[1] - range[0] >= 1) zoom(range);
        else moveTo(stepAt(event));
      });
      each.view.addEventListener("pointercancel", end);
      each.view.addEventListener("pointerleave", () => { if (start === null && now !== null) showStep(now); });
      each.view.addEventListener("dblclick", () => zoom(null));
    }
  }
  addEventListener("beforeprint", () => all("details").forEach((each) => { each.open = true; }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") zoom(null); });

  // The slider and everything that moves it.
  const slider = document.getElementById("step");
  const pictures = all(".picture");
  const show = (index, step) => {
    const picture = data.pictures[index];
    now = step === undefined ? (picture ? picture.step : whole[1]) : step;
    if (picture) {
      pictures.forEach((each, other) => each.classList.toggle("current", other === index));
      slider.value = index;
      slider.setAttribute("aria-valuetext", picture.label);
      all(".moment-label").forEach((label) => { label.textContent = picture.label; });
    }
    for (const row of all(".numbers tr[data-series]")) {
      const at = picture ? picture.step : now;
      row.querySelector(".now").textContent = reading(data.series[row.dataset.series], at).split(" [")[0];
    }
    const timeline = document.querySelector(".timeline");
    if (timeline) timeline.style.setProperty("--now", `${(100 * now) / Number(timeline.dataset.last)}%`);
    showStep(now);
  };
  const nearest = (step) => data.pictures.reduce((best, picture, index) => {
    return Math.abs(picture.step - step) < Math.abs(data.pictures[best].step - step) ? index : best;
  }, 0);
  const moveTo = (step) => show(data.pictures.length ? nearest(step) : -1, step);
  if (slider) slider.addEventListener("input", () => show(Number(slider.value)));
  all("button[data-step]").forEach((button) => {
    button.addEventListener("click", () => moveTo(Number(button.dataset.step)));
  });
  for (const track of all(".track")) {
    track.addEventListener("click", (event) => {
      if (event.target.closest("button")) return;
      const box = track.getBoundingClientRect();
      const last = Number(track.closest(".timeline").dataset.last);
      moveTo(((event.clientX - box.left) / box.width) * last);
    });
  }
  if (data.pictures.length) show(data.pictures.length - 1);
  else if (charts.length && document.querySelector(".timeline")) show(-1);
})();
