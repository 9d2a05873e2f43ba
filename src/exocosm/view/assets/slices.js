// Fields as flat slices, one for each arm shown and one for their difference, drawn without WebGL.
(function (E) {
  const by = (id) => document.getElementById(id);
  const EDGE = { left: 46, right: 10, top: 8, bottom: 36 };
  const STEPS = [5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000];

  const others = (axis) => [0, 1, 2].filter((a) => a !== axis);

  // The voxels of the plane that holds a position, as {wide, tall, values}; rows from below.
  function plane(field, box, axis, position) {
    const [a, b] = others(axis), [nx, ny] = field.shape, n = field.shape[axis];
    const at = Math.max(0, Math.min(n - 1, Math.floor((position / box[axis]) * n)));
    const wide = field.shape[a], tall = field.shape[b], values = new Float64Array(wide * tall), place = [0, 0, 0];
    place[axis] = at;
    for (let j = 0; j < tall; j++) for (let i = 0; i < wide; i++) {
      place[a] = i; place[b] = j;
      values[i + wide * j] = field.low + field.steps[place[0] + nx * (place[1] + ny * place[2])] * field.span;
    }
    return { wide, tall, values };
  }

  function panel(root) {
    const title = E.element("h3"), canvas = E.element("canvas", { role: "img" }), read = E.element("p", { class: "read" });
    const node = E.element("div", { class: "slice" }, title, canvas, E.element("div", { class: "bar-of" }), read);
    root.append(node);
    return { node, title, canvas, bar: node.querySelector(".bar-of"), read };
  }

  function paint(p, shown, box, axis, colour, outlines) {
    const [a, b] = others(axis), ratio = Math.min(2, window.devicePixelRatio || 1), width = p.canvas.clientWidth;
    const room = width - EDGE.left - EDGE.right, scale = room / box[a], height = room * (box[b] / box[a]);
    const tall = Math.max(40, height), up = tall / box[b];
    p.canvas.style.height = `${tall + EDGE.top + EDGE.bottom}px`;
    Object.assign(p.canvas, { width: width * ratio, height: (tall + EDGE.top + EDGE.bottom) * ratio });
    const c = p.canvas.getContext("2d"), x = (v) => EDGE.left + v * scale, y = (v) => EDGE.top + tall - v * up;
    c.scale(ratio, ratio);
    const small = new OffscreenCanvas(shown.wide, shown.tall), s = small.getContext("2d"), image = s.createImageData(shown.wide, shown.tall);
    for (let j = 0; j < shown.tall; j++) for (let i = 0; i < shown.wide; i++) image.data.set([...colour(shown.values[i + shown.wide * j]), 255], 4 * (i + shown.wide * (shown.tall - 1 - j)));
    s.putImageData(image, 0, 0);
    c.imageSmoothingEnabled = false;
    c.drawImage(small, EDGE.left, EDGE.top, room, tall);
    c.save();
    c.beginPath(); c.rect(EDGE.left, EDGE.top, room, tall); c.clip();
    c.lineWidth = 1;
    for (const [u, v, r, hue] of outlines) { c.strokeStyle = hue; c.beginPath(); c.ellipse(x(u), y(v), r * scale, r * up, 0, 0, 7); c.stroke(); }
    c.restore();
    c.strokeStyle = c.fillStyle = "#4d5a69";
    c.strokeRect(EDGE.left, EDGE.top, room, tall);
    c.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const step = STEPS.find((n) => box[a] / n <= 5) || box[a];
    c.textAlign = "center"; c.textBaseline = "top";
    for (let v = 0; v <= box[a]; v += step) { c.fillRect(x(v), EDGE.top + tall, 1, 4); c.fillText(String(v), x(v), EDGE.top + tall + 6); }
    c.fillText(`${"xyz"[a]}, µm`, EDGE.left + room / 2, EDGE.top + tall + 21);
    c.textAlign = "right"; c.textBaseline = "middle";
    for (let v = 0; v <= box[b]; v += step) { c.fillRect(EDGE.left - 4, y(v), 4, 1); c.fillText(String(v), EDGE.left - 7, y(v)); }
    c.save(); c.translate(9, EDGE.top + tall / 2); c.rotate(-Math.PI / 2); c.textAlign = "center"; c.fillText(`${"xyz"[b]}, µm`, 0, 0); c.restore();
    p.at = { a, b, x0: EDGE.left, y0: EDGE.top + tall, scale, up, box, shown };
  }

  function pointAt(p, unit) {
    p.canvas.onpointermove = (event) => {
      if (!p.at) return;
      const { a, b, x0, y0, scale, up, box, shown } = p.at, where = p.canvas.getBoundingClientRect();
      const u = (event.clientX - where.left - x0) / scale, v = (y0 - (event.clientY - where.top)) / up;
      const inside = u >= 0 && v >= 0 && u < box[a] && v < box[b];
      const value = inside && shown.values[Math.floor((u / box[a]) * shown.wide) + shown.wide * Math.floor((v / box[b]) * shown.tall)];
      p.read.textContent = inside ? `${"xyz"[a]} ${u.toFixed(0)} µm, ${"xyz"[b]} ${v.toFixed(0)} µm: ${E.number(value)} ${unit}` : "";
    };
    p.canvas.onpointerleave = () => { p.read.textContent = ""; };
  }

  E.startSlices = function (scene, view) {
    const root = by("slices");
    if (!root) return null;
    const vesicle = scene.fields.findIndex((field) => field.kind === "vesicle");
    const thin = scene.fields[0].arms.find((frames) => frames.length)?.[0].shape.indexOf(1) ?? -1;
    const state = { field: vesicle >= 0 ? vesicle : 0, axis: thin >= 0 ? thin : 2, share: 0.5, log: false, cells: true };
    const panels = view.arms.map(() => panel(root));
    if (view.arms.length > 1) panels.push(panel(root));
    let turn = 0;

    function middle() {
      const { centre } = scene.focus;
      return centre ? centre[state.axis] / scene.box[state.axis] : 0.5;
    }

    async function draw() {
      const mine = ++turn, field = scene.fields[state.field], time = view.time;
      const frames = await Promise.all(view.arms.map((arm) => (scene.arms[arm].frames.length ? E.readFrame(scene, E.upTo(scene.arms[arm].frames, time)) : null)));
      const data = await Promise.all(view.arms.map((arm) => (field.arms[arm]?.length ? E.readField(field, E.upTo(field.arms[arm], time)) : null)));
      if (mine !== turn) return;
      const range = E.fieldRange(field, state.log), ramp = scene.scales[field.kind];
      const slices = view.arms.map((arm, i) => data[i] && plane(data[i], scene.arms[arm].box, state.axis, state.share * scene.arms[arm].box[state.axis]));
      view.arms.forEach((arm, i) => one(panels[i], E.runName(scene, arm), slices[i], scene.arms[arm].box, (v) => E.step(ramp, E.fraction(v, range.low, range.high, range.log)), rings(frames[i], scene.arms[arm].box), E.colourBar(field.label, ramp, range.low, range.high, field.unit, range.log), field));
      if (panels.length > view.arms.length) difference(panels[view.arms.length], slices, field);
      by("slice-text").textContent = `${"xyz"[state.axis]} = ${[...new Set(view.arms.map((arm) => (state.share * scene.arms[arm].box[state.axis]).toFixed(0)))].join(" and ")} µm`;
      const late = data.find((d) => d && Math.abs(d.time - time) > 1e-6);
      by("field-note").textContent = late ? `Fields were recorded less often than cells: these are of ${E.number(late.time)} h.` : "";
      root.dataset.drawn = String(Number(root.dataset.drawn || 0) + 1);
    }

    function one(p, title, shown, box, colour, outlines, bar, field) {
      p.title.textContent = title;
      p.canvas.setAttribute("aria-label", `${field.label}, ${title}`);
      p.bar.replaceChildren(bar);
      p.canvas.hidden = !shown;
      if (shown) paint(p, shown, box, state.axis, colour, outlines);
      else p.read.textContent = "This arm has no such field.";
      if (shown) { p.read.textContent = ""; pointAt(p, field.unit); }
    }

    function difference(p, [before, after], field) {
      const same = before && after && before.wide === after.wide && before.tall === after.tall;
      p.node.hidden = !same;
      if (!same) return;
      const values = after.values.map((v, i) => v - before.values[i]), most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
      const ramp = scene.scales.difference, bar = E.colourBar("difference", ramp, -most, most, field.unit, false);
      one(p, "right minus left", { ...after, values }, scene.arms[view.arms[0]].box, (v) => E.step(ramp, (v / most + 1) / 2), [], bar, field);
    }

    function rings(frame, box) {
      if (!frame || !state.cells) return [];
      const [a, b] = others(state.axis), at = state.share * box[state.axis], found = [];
      for (let i = 0; i < frame.n; i++) {
        const gap = frame.centre[3 * i + state.axis] - at, r = frame.radius[i];
        if (Math.abs(gap) < r) found.push([frame.centre[3 * i + a], frame.centre[3 * i + b], Math.sqrt(r * r - gap * gap), scene.types[frame.type[i]]?.colour || "#888"]);
      }
      return found;
    }

    function press() {
      for (const button of by("slice-axis").children) button.setAttribute("aria-pressed", String(Number(button.dataset.axis) === state.axis));
      by("slice-at").value = String(Math.round(1000 * state.share));
      const field = scene.fields[state.field];
      by("slice-log-label").hidden = !(field.kind === "vesicle" && field.smallest > 0);
    }

    by("slice-field").append(...scene.fields.map((f, i) => new Option(f.short, i, i === state.field, i === state.field)));
    by("slice-field").addEventListener("change", (e) => { state.field = Number(e.target.value); press(); draw(); });
    by("slice-axis").addEventListener("click", (e) => {
      if (e.target.dataset.axis === undefined) return;
      state.axis = Number(e.target.dataset.axis);
      state.share = middle();
      press(); draw();
    });
    by("slice-at").addEventListener("input", (e) => { state.share = Number(e.target.value) / 1000; draw(); });
    by("slice-log").addEventListener("change", (e) => { state.log = e.target.checked; draw(); });
    by("slice-cells").addEventListener("change", (e) => { state.cells = e.target.checked; draw(); });
    by("slice-controls").addEventListener("submit", (e) => e.preventDefault());
    view.on(draw);
    let width = 0;
    new ResizeObserver(() => { if (root.clientWidth !== width) { width = root.clientWidth; draw(); } }).observe(root);
    state.share = middle();
    press();
    return { state, draw };
  };
})(Exocosm);
