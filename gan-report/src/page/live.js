"use strict";
// A page that is served while its run trains: it is fetched anew when there is something new, and stays where
// its reader was.
(() => {
  const KEY = "gan-report";
  const slider = document.getElementById("step");
  const root = document.documentElement;
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  if (kept) {
    if (kept.theme) root.dataset.theme = kept.theme;
    // A reader who was at the newest picture stays there.
    if (slider && kept.step !== null) {
      slider.value = kept.step;
      slider.dispatchEvent(new Event("input"));
    }
    scrollTo(0, kept.top);
  }
  const keep = () => {
    const isNewest = !slider || slider.value === slider.max;
    const state = { theme: root.dataset.theme || "", step: isNewest ? null : slider.value, top: scrollY };
    sessionStorage.setItem(KEY, JSON.stringify(state));
  };
  const source = new EventSource("events");
  const renew = async () => {
    const answer = await fetch("./", { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = await answer.text();
    keep();
    source.close();
    document.open();
    document.write(page);
    document.close();
  };
  source.addEventListener("message", renew);
  source.addEventListener("end", () => source.close());
})();
