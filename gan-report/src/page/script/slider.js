// The slider and everything that moves it; the theme; paper.
const slider = document.getElementById("step");
const pictures = all(".picture");
const show = (index, step) => {
  const moment = data.pictures[index];
  now = step === undefined ? (moment ? moment.step : whole[1]) : step;
  if (moment) {
    pictures.forEach((each) => each.classList.toggle("current", Number(each.dataset.moment) === index));
    slider.value = index;
    slider.setAttribute("aria-valuetext", moment.label);
    all(".moment-label").forEach((label) => { label.textContent = moment.label; });
  }
  for (const row of all(".numbers tr[data-series]")) {
    const at = moment ? moment.step : now;
    row.querySelector(".now").textContent = reading(seriesOf(row.dataset.series), at).split(" [")[0];
  }
  const timeline = document.querySelector(".timeline");
  if (timeline) timeline.style.setProperty("--now", `${(100 * now) / Number(timeline.dataset.last)}%`);
  showStep(now);
};
const nearest = (step) => data.pictures.reduce((best, moment, index) => {
  return Math.abs(moment.step - step) < Math.abs(data.pictures[best].step - step) ? index : best;
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
    moveTo(((event.clientX - box.left) / box.width) * Number(track.closest(".timeline").dataset.last));
  });
}
if (data.pictures.length) show(data.pictures.length - 1);
else if (charts.length && document.querySelector(".timeline")) show(-1);

const theme = document.querySelector(".theme");
if (theme) {
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
  });
}
addEventListener("beforeprint", () => all("details").forEach((each) => { each.open = true; }));
