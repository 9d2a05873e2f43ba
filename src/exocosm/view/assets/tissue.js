// The tissue part of the page: what the controls say is drawn.
(function (E) {
  const by = (id) => document.getElementById(id);

  E.startTissue = function (scene, view) {
    const stage = by("stage"), canvas = by("canvas"), tip = by("tip");
    const { arms } = view;
    let drawing;
    try {
      drawing = E.createDrawing(canvas, scene, arms.length);
    } catch (problem) {
      by("no-webgl").hidden = false;
      return null;
    }
    const vesicles = scene.fields.findIndex((field) => field.kind === "vesicle");
    const state = {
      colour: 0, vessels: true, hidden: new Set(), axis: 1, position: scene.focus.centre ? scene.focus.centre[1] / scene.box[1] : 0.5, sign: 0,
      field: vesicles >= 0 ? vesicles : scene.fields.length - 1, cellLog: false, fieldLog: false, frames: [], fields: [], shown: [], tints: [],
    };
    const overlay = E.createOverlay(by("panes"), scene, arms, (pane, arm) => view.choose(pane, arm));
    const colours = colourChoices(scene);
    let turn = 0;

    const boxOf = (pane) => scene.arms[arms[pane]].box;
    const alike = scene.arms.every((arm) => arm.box.every((length, axis) => length === scene.box[axis]));

    // Where tissues differ in size, one slider cuts each in its own box, through the middle of its cells at once.
    function share(pane) {
      const { middle, box } = scene.arms[arms[pane]], axis = state.axis, t = state.position;
      if (alike || !middle) return t;
      const from = scene.focus.centre[axis] / scene.box[axis], to = middle[axis] / box[axis];
      return t <= from ? (to * t) / from : to + ((1 - to) * (t - from)) / (1 - from);
    }

    function cut(pane) {
      if (state.axis < 0) return null;
      const position = share(pane) * boxOf(pane)[state.axis], normal = [0, 0, 0];
      normal[state.axis] = state.sign;
      return { axis: state.axis, position, normal, distance: state.sign * position };
    }

    // Remove the half that is nearer to the viewer, so that the cut face is seen.
    function faceViewer() {
      if (state.axis < 0) return;
      const { position } = drawing.camera, { target } = drawing.controls, axis = "xyz"[state.axis];
      state.sign = position[axis] >= target[axis] ? 1 : -1;
    }

    async function refresh() {
      const mine = ++turn, { time } = view;
      const frames = await Promise.all(arms.map((arm) => E.readFrame(scene, E.upTo(scene.arms[arm].frames, time))));
      const fields = await Promise.all(arms.map((arm) => Promise.all(scene.fields.map((field) => field.arms[arm]?.length ? E.readField(field, E.upTo(field.arms[arm], time)) : null))));
      if (mine !== turn) return;
      Object.assign(state, { frames, fields });
      await Promise.all(arms.map((arm, i) => setVessels(i, arm)));
      frames.forEach((_, i) => { paintPane(i); paintField(i); });
      slice();
    }

    function paintPane(i) {
      const choice = range(colours[state.colour]);
      const field = choice.kind === "field" ? state.fields[i][choice.index] : null;
      // Cut faces are paler than the cells, except where colour is a number to be read off the bar.
      drawing.panes[i].uniforms.wash.value = choice.kind === "type" || choice.kind === "state" ? 0.42 : 0;
      state.tints[i] = E.paint(scene, state.frames[i], choice, field, boxOf(i));
    }

    function range(choice) {
      const log = state.cellLog && choice.logLow > 0;
      return { ...choice, log, low: log ? choice.logLow : choice.low };
    }

    const fieldRange = (field) => E.fieldRange(field, state.fieldLog);

    // Tubes are made once for each arm that is shown, and belong to the pane whose cut they follow.
    async function setVessels(i, arm) {
      const pane = drawing.panes[i], networks = scene.arms[arm].vessels;
      if (pane.vesselsOf === arm) return;
      pane.vesselsOf = arm;
      if (pane.vessels) pane.world.remove(pane.vessels);
      pane.vessels = networks.length ? await E.vesselMesh(networks, pane.uniforms) : null;
      if (pane.vessels) { pane.vessels.visible = state.vessels; pane.world.add(pane.vessels); }
    }

    function paintField(i) {
      const field = scene.fields[state.field], data = field && state.fields[i][state.field];
      if (!data) return;
      const { low, high, log } = fieldRange(field);
      const bytes = Uint8Array.from(data.steps, (s) => Math.max(0, Math.min(255, Math.round(255 * E.fraction(data.low + s * data.span, low, high, log)))));
      drawing.setField(drawing.panes[i], data, bytes, scene.scales[field.kind]);
    }

    function slice() {
      state.frames.forEach((frame, i) => {
        const plane = cut(i);
        const painted = state.field >= 0 && Boolean(state.fields[i][state.field]);
        state.shown[i] = E.show(scene, frame, state.hidden, plane);
        drawing.setCells(drawing.panes[i], frame, state.shown[i].radius, state.tints[i]);
        drawing.setCut(drawing.panes[i], boxOf(i), plane, painted);
        const { visible, counts } = state.shown[i];
        const parts = scene.types.map((t, k) => `${E.number(counts[k], 6)} ${t.name}`).filter((_, k) => counts[k]);
        overlay.counts(i, `${E.number(visible, 6)} of ${E.number(frame.n, 6)} cells in view${parts.length > 1 ? ": " + parts.join(", ") : ""}`);
      });
      const places = [...new Set(arms.map((_, i) => cut(i)?.position.toFixed(0)))];
      by("cut-text").textContent = state.axis >= 0 ? `${"xyz"[state.axis]} = ${places.join(" and ")} µm` : "";
      draw();
    }

    let waiting = false;
    function draw() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; drawing.draw(); overlay.update(drawing); stage.dataset.drawn = String(Number(stage.dataset.drawn || 0) + 1); });
    }

    function keys() {
      const choice = range(colours[state.colour]), key = by("cell-key"), fieldKey = by("field-key");
      key.replaceChildren(E.element("div", { class: "keys" }, ...typeTicks(choice), vesselTick()));
      if (choice.kind === "state") key.append(E.element("div", { class: "keys" }, ...scene.states.map((s) => E.element("div", { class: "tick" }, E.element("i", { style: { background: s.colour } }), s.name))));
      if (choice.kind === "quantity" || choice.kind === "field") {
        const scale = scene.scales[choice.kind === "field" ? scene.fields[choice.index].kind : "cell"];
        key.append(E.colourBar(choice.label, scale, choice.low, choice.high, choice.unit, choice.log), logTick("cellLog", choice.logLow > 0));
      }
      const field = scene.fields[state.field];
      fieldKey.replaceChildren();
      if (!field) return;
      const { low, high, log } = fieldRange(field);
      fieldKey.append(E.colourBar(field.label, scene.scales[field.kind], low, high, field.unit, log), logTick("fieldLog", field.kind === "vesicle" && field.smallest > 0));
    }

    function typeTicks(choice) {
      return scene.types.map((type) => {
        const box = E.element("input", { type: "checkbox", "aria-label": `show ${type.name} cells` });
        box.checked = !state.hidden.has(type.name);
        box.addEventListener("change", () => { state.hidden[box.checked ? "delete" : "add"](type.name); slice(); });
        const dot = E.element("i", { style: { background: choice.kind === "type" ? type.colour : "#c3ccd6" } });
        return E.element("label", { class: "tick" }, box, dot, E.element("span", {}, type.name));
      });
    }

    function vesselTick() {
      if (!scene.arms.some((arm) => arm.vessels.length)) return "";
      const box = E.element("input", { type: "checkbox", "aria-label": "show capillaries" });
      box.checked = state.vessels;
      box.addEventListener("change", () => {
        state.vessels = box.checked;
        for (const pane of drawing.panes) if (pane.vessels) pane.vessels.visible = state.vessels;
        draw();
      });
      return E.element("label", { class: "tick" }, box, E.element("i", { style: { background: "#9e1f38" } }), E.element("span", {}, "capillaries"));
    }

    function logTick(name, possible) {
      if (!possible) return "";
      const box = E.element("input", { type: "checkbox" });
      box.checked = state[name];
      box.addEventListener("change", () => { state[name] = box.checked; keys(); refresh(); });
      return E.element("label", { class: "tick" }, box, E.element("span", {}, "logarithmic"));
    }

    function pressAxis() {
      for (const button of by("axis").children) button.setAttribute("aria-pressed", String(Number(button.dataset.axis) === state.axis));
      by("cut").disabled = by("flip").disabled = state.axis < 0;
    }

    const groups = new Map();
    colours.forEach((c, i) => groups.set(c.group, [...(groups.get(c.group) || []), new Option(c.title, i)]));
    for (const [label, options] of groups) by("colour-by").append(E.element("optgroup", { label }, ...options));
    by("field").append(...scene.fields.map((f, i) => new Option(f.short, i)), new Option("none", -1));
    by("field").value = String(state.field);
    by("cut").value = String(Math.round(1000 * state.position));
    by("colour-by").addEventListener("change", (e) => { state.colour = Number(e.target.value); keys(); refresh(); });
    by("field").addEventListener("change", (e) => {
      state.field = Number(e.target.value);
      if (state.field >= 0 && state.axis < 0) { state.axis = 1; faceViewer(); pressAxis(); }
      keys(); refresh();
    });
    by("axis").addEventListener("click", (e) => {
      if (e.target.dataset.axis === undefined) return;
      state.axis = Number(e.target.dataset.axis);
      if (state.axis >= 0) drawing.home(state.axis);
      faceViewer(); pressAxis(); slice();
    });
    by("cut").addEventListener("input", (e) => { state.position = Number(e.target.value) / 1000; slice(); });
    by("flip").addEventListener("click", () => { state.sign = -state.sign; slice(); });
    by("reset").addEventListener("click", () => { drawing.home(state.axis); faceViewer(); slice(); });
    by("controls").addEventListener("submit", (e) => e.preventDefault());
    view.on(refresh);
    E.keyTurns(stage, drawing, draw);
    E.pointAtCells(stage, tip, drawing, arms.length, (pane, origin, direction) => {
      const frame = state.frames[pane];
      if (!frame) return null;
      const found = E.pick(frame, state.shown[pane].radius, origin, direction, cut(pane));
      const fields = scene.fields.map((field, k) => ({ field, data: state.fields[pane][k] })).filter((f) => f.data);
      return found < 0 ? null : E.describeCell(scene, frame, found, fields, boxOf(pane));
    });
    drawing.controls.addEventListener("change", draw);
    new ResizeObserver(() => { drawing.fit(); draw(); }).observe(stage);
    drawing.fit();
    faceViewer(); pressAxis(); keys(); refresh();
    return { drawing, state };
  };

  function colourChoices(scene) {
    const choices = [{ kind: "type", title: "cell type", group: "cells" }, { kind: "state", title: "alive or dead", group: "cells" }];
    scene.quantities.forEach((q, index) => {
      const share = q.key.startsWith("state."), group = share ? "states of cells" : q.key.startsWith("cargo.") ? "cargo held" : "vesicles held";
      choices.push({ kind: "quantity", index, title: q.label, group, label: q.label, unit: q.unit, low: 0, high: Math.max(q.max, share ? 1e-9 : 1), logLow: !share && q.max > 10 ? 1 : 0 });
    });
    scene.fields.forEach((f, index) => choices.push({ kind: "field", index, group: "around the cell", title: `${f.short} at the cell`, label: f.label, unit: f.unit, level: scene.levels.findIndex((l) => l.key === f.name), low: f.low, high: f.high, logLow: f.kind === "vesicle" && f.high > 0 ? Math.max(f.smallest, f.high / 1e4) : 0 }));
    return choices;
  }
})(Exocosm);
