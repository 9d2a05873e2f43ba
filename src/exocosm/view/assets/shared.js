// What the tissue and the slices share: which runs stand side by side, and the one time of both.
(function (E) {
  const MOST_PANES = 2;
  const by = (id) => document.getElementById(id);

  // Runs by condition: the first of the baseline, and beside it the same seed of the next condition.
  function first(scene) {
    const shown = scene.arms.map((_, i) => i).filter((i) => scene.arms[i].frames.length);
    const one = shown[0], other = shown.find((i) => scene.arms[i].condition !== scene.arms[one].condition) ?? shown[1];
    return other === undefined ? [one] : [one, other].slice(0, MOST_PANES);
  }

  E.createView = function (scene) {
    const times = [...new Set(scene.arms.flatMap((arm) => arm.frames.map((f) => f.time)))].sort((a, b) => a - b);
    const listeners = [], slider = by("time");
    const view = {
      times, index: times.length - 1, arms: first(scene),
      get time() { return times[view.index]; },
      on(listener) { listeners.push(listener); },
      choose(pane, arm) { view.arms[pane] = arm; return tell("arms"); },
      go(index) {
        view.index = index;
        slider.value = String(index);
        describe();
        return tell("time");
      },
    };
    const tell = (what) => Promise.all(listeners.map((listener) => listener(what)));
    function describe() {
      by("time-text").textContent = `${E.number(view.time)} h`;
      slider.setAttribute("aria-valuetext", `${view.time} hours`);
    }
    Object.assign(slider, { max: String(times.length - 1), value: String(view.index) });
    slider.addEventListener("input", (e) => view.go(Number(e.target.value)));
    E.playButton(by("play"), () => view.go((view.index + 1) % times.length));
    describe();
    return view;
  };

  E.runName = function (scene, i) {
    const arm = scene.arms[i], seeds = new Set(scene.arms.filter((a) => a.condition === arm.condition).map((a) => a.seed));
    return scene.conditions[arm.condition] + (seeds.size > 1 ? `, seed ${arm.seed}` : "");
  };

  // The range of a field's colours; logarithmic where that was asked for and can be.
  E.fieldRange = function (field, logarithmic) {
    const log = logarithmic && field.kind === "vesicle" && field.high > 0 && field.smallest > 0;
    return { log, low: log ? Math.max(field.smallest, field.high / 1e4) : field.low, high: field.high };
  };
})(Exocosm);
