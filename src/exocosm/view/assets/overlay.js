// What lies over the drawing: names, counts, scale bar, axes, and what the pointer is on.
(function (E) {
  const SVG = "http://www.w3.org/2000/svg";
  const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

  function triad() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "triad");
    svg.setAttribute("viewBox", "-31 -31 62 62");
    svg.setAttribute("aria-hidden", "true");
    const axes = ["x", "y", "z"].map((name) => {
      const line = document.createElementNS(SVG, "line"), text = document.createElementNS(SVG, "text");
      text.textContent = name;
      svg.append(line, text);
      return { line, text };
    });
    return { svg, axes };
  }

  // One list of arms and one of the seeds that are in the page; the seed stays when the arm changes.
  function runSelects(scene, pane, arm, choose) {
    const of = (condition) => scene.arms.map((a, i) => ({ ...a, i })).filter((a) => a.condition === condition && a.frames.length);
    const which = E.element("select", { "aria-label": `Arm shown ${pane ? "right" : "left"}` }), seed = E.element("select", { "aria-label": `Seed shown ${pane ? "right" : "left"}` });
    scene.conditions.forEach((name, i) => of(i).length && which.append(new Option(name, i)));
    const fill = (condition, wanted) => {
      const runs = of(condition), chosen = runs.find((r) => r.seed === wanted) || runs[0];
      seed.replaceChildren(...runs.map((r) => new Option(`seed ${r.seed}`, r.i, r === chosen, r === chosen)));
      seed.hidden = runs.length < 2;
      return chosen.i;
    };
    which.value = String(scene.arms[arm].condition);
    fill(scene.arms[arm].condition, scene.arms[arm].seed);
    which.addEventListener("change", () => choose(pane, fill(Number(which.value), scene.arms[Number(seed.value)].seed)));
    seed.addEventListener("change", () => choose(pane, Number(seed.value)));
    return [E.element("div", { class: "runs" }, which, seed)];
  }

  E.createOverlay = function (root, scene, arms, choose) {
    const panes = arms.map((arm, i) => {
      const header = E.element("header"), count = E.element("p", { class: "count" });
      const bar = E.element("div", { class: "bar" }), length = E.element("i"), label = E.element("span"), axes = triad();
      if (scene.arms.length > arms.length) header.append(...runSelects(scene, i, arm, choose), count);
      else header.append(E.element("h3", { title: scene.arms[arm].label }, E.runName(scene, arm)), count);
      bar.append(label, length);
      root.append(E.element("div", { class: "pane" }, header, bar, axes.svg));
      return { count, length, label, axes: axes.axes };
    });
    return {
      counts(i, text) { panes[i].count.textContent = text; },
      update(drawing) {
        const size = drawing.micrometresPerPixel(), nice = NICE.findLast((n) => n / size <= 130) || NICE[0];
        const e = drawing.camera.matrixWorldInverse.elements;
        for (const pane of panes) {
          pane.length.style.width = `${nice / size}px`;
          pane.label.textContent = `${nice} µm`;
          pane.axes.forEach(({ line, text }, axis) => {
            const x = e[4 * axis], y = -e[4 * axis + 1];
            for (const [name, value] of [["x2", 18 * x], ["y2", 18 * y]]) line.setAttribute(name, value);
            for (const [name, value] of [["x", 26 * x], ["y", 26 * y]]) text.setAttribute(name, value);
          });
        }
      },
    };
  };

  E.describeCell = function (scene, frame, i, fields, box) {
    const rows = [["radius", `${frame.radius[i].toFixed(1)} µm`]];
    scene.quantities.forEach((quantity, q) => rows.push([quantity.label, `${E.number(frame.inside[q][i])}${quantity.unit === "%" ? " %" : ""}`]));
    const [x, y, z] = frame.centre.subarray(3 * i, 3 * i + 3);
    for (const { field, data } of fields) {
      const level = scene.levels.findIndex((l) => l.key === field.name);
      rows.push([field.label, `${E.number(level >= 0 ? frame.levels[level][i] : E.sample(data, box, x, y, z))} ${field.unit}`]);
    }
    rows.push(["position", `${[x, y, z].map((v) => v.toFixed(0)).join(", ")} µm`]);
    const name = scene.types[frame.type[i]]?.name || "cell", state = scene.states[frame.state[i]]?.name || "";
    const table = E.element("table", {}, ...rows.map(([term, value]) => E.element("tr", {}, E.element("td", {}, term), E.element("td", {}, value))));
    return [E.element("b", {}, `${name}, ${state}`), table];
  };

  E.colourBar = function (title, scale, low, high, unit, logarithmic) {
    const canvas = E.element("canvas", { width: 256, height: 1, "aria-hidden": "true" }), context = canvas.getContext("2d");
    const image = context.createImageData(256, 1);
    for (let i = 0; i < 256; i++) image.data.set([scale[3 * i], scale[3 * i + 1], scale[3 * i + 2], 255], 4 * i);
    context.putImageData(image, 0, 0);
    const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
    const ticks = [low, middle, high].map((value) => E.element("span", {}, E.number(value)));
    return E.element("div", { class: "colourbar" }, E.element("p", {}, unit ? `${title}, ${unit}` : title), canvas, E.element("div", {}, ...ticks));
  };
})(Exocosm);
