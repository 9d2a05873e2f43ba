// Time courses and flows, drawn by Plotly with one look.
(function (E) {
  const INK = "#16202c", SOFT = "#4d5a69", GRID = "#e6eaef";
  const FONT = { family: getComputedStyle(document.body).fontFamily, size: 13, color: SOFT };
  const CONFIG = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"], displayModeBar: "hover" };
  const DASH = ["solid", "dash", "dot", "dashdot"];

  // Plotly reads a few tags in text: what comes from a model must not be one.
  const plain = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  // Thin dark dashes on a broad line: where two arms agree, both are still seen.
  const darker = (hex) => `rgb(${E.rgb(hex).map((v) => Math.round(0.48 * v)).join(",")})`;

  // Lines that lie on each other take turns: each shows one dash in so many.
  const turns = ([place, count]) => (count < 2 ? "solid" : [0, 9 * place, 9, 9 * (count - 1 - place)].map((v) => `${v}px`).join(","));

  const clear = (hex, share) => `rgba(${E.rgb(hex).join(",")},${share})`;

  // Lines of two names that nearly agree are told apart by width: the later one lies on the earlier, broader one.
  function trace(line, courses, rank) {
    const several = courses.conditions.length > 1, many = courses.conditions.length > 2, first = line.condition === 0 && several;
    const dark = line.condition && !many ? darker(line.colour) : line.colour;
    const style = line.ceiling
      ? { color: line.colour, width: 1.6 + 1.6 * rank, dash: "dot" }
      : { color: dark, width: (first && !many ? 4.5 : 2.2) + 2.6 * rank, dash: many ? turns(line.turn) : DASH[line.condition % 4] };
    return {
      x: line.x, y: line.y, mode: "lines", line: style, showlegend: false, meta: line.condition,
      name: plain(`${line.name}${line.ceiling ? ", ceiling" : ""}${several ? `, ${line.arm}` : ""}`),
      cliponaxis: false, hovertemplate: "%{y:.4~g}",
    };
  }

  // The span of the seeds: down along the smallest, back along the largest.
  function band(line) {
    return {
      x: [...line.x, ...[...line.x].reverse()], y: [...line.low, ...[...line.high].reverse()], mode: "lines", line: { width: 0 }, meta: line.condition,
      fill: "toself", fillcolor: clear(line.colour, 0.15), hoverinfo: "skip", showlegend: false,
    };
  }

  const hourStep = (panel) => {
    const last = Math.max(...panel.lines.flatMap((line) => line.x));
    return [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168, 336].find((step) => last / step <= 7) || 720;
  };

  // Ticks at 1, 2 and 5 where the lines span few decades, else one a decade.
  function decades(panel) {
    const values = panel.lines.flatMap((line) => line.y).filter((v) => v > 0);
    const low = Math.floor(Math.log10(Math.min(...values))) - 1, high = Math.ceil(Math.log10(Math.max(...values))) + 1;
    const steps = high - low < 6 ? [1, 2, 5] : [1];
    const tickvals = Array.from({ length: high - low + 1 }, (_, i) => steps.map((s) => s * 10 ** (low + i))).flat();
    return { tickvals, ticktext: tickvals.map((v) => E.number(v, 1)) };
  }

  function layout(panel, logarithmic) {
    const axis = { gridcolor: GRID, linecolor: "#b9c3ce", tickfont: { size: 12 }, zeroline: false, ticks: "outside", tickcolor: "#b9c3ce", ticklen: 4, automargin: true };
    return {
      title: { text: plain(panel.title), x: 0, xref: "container", xanchor: "left", y: 0.97, yanchor: "top", font: { size: 15, color: INK, weight: 600 } },
      font: FONT, margin: { l: 58, r: 14, t: 36, b: 44 }, paper_bgcolor: "#fff", plot_bgcolor: "#fff", hovermode: "x unified",
      hoverlabel: { bgcolor: "#fff", bordercolor: "#b9c3ce", font: { size: 12, color: INK }, namelength: 46 },
      xaxis: { ...axis, title: { text: "time, h", standoff: 6, font: { size: 13 } }, showgrid: false, rangemode: "tozero", tick0: 0, dtick: hourStep(panel) },
      yaxis: { ...axis, title: { text: panel.unit, standoff: 8, font: { size: 13 } }, type: logarithmic ? "log" : "linear", rangemode: "tozero", exponentformat: panel.unit === "0 to 1" ? "power" : "SI", ...(logarithmic ? decades(panel) : {}), nticks: 6 },
    };
  }

  const hidden = new Set();

  function drawPanel(node, panel, courses, logarithmic) {
    // Bands and ceilings first, then the broad first arm, then the thin lines on it.
    const names = [...new Set(panel.lines.map((line) => line.name))];
    const order = [...panel.lines].sort((a, b) => b.ceiling - a.ceiling || a.condition - b.condition);
    const positive = (line) => ({ ...line, y: logarithmic ? line.y.map((v) => (v > 0 ? v : null)) : line.y });
    const shown = order.map(positive).filter((line) => line.y.some((v) => v !== null));
    const bands = logarithmic ? [] : shown.filter((line) => line.low).map(band);
    const lines = shown.map((line) => trace(line, courses, logarithmic ? names.length - 1 - names.indexOf(line.name) : 0));
    const traces = [...bands, ...lines].map((t) => ({ ...t, visible: !hidden.has(t.meta) }));
    Plotly.newPlot(node, traces, layout(panel, logarithmic), CONFIG);
  }

  function drawKey(root, panels, courses) {
    if (courses.conditions.length > 2) return;
    const colours = new Map(panels.flatMap((panel) => panel.lines.map((line) => [line.name, line.colour])));
    root.append(...[...colours].map(([name, colour]) => E.element("span", {}, E.element("i", { style: { background: colour } }), name)));
  }

  function lineKey(root, courses) {
    const { conditions, colours } = courses;
    if (conditions.length < 2) return;
    if (conditions.length > 2) return root.append(...conditions.map((label, i) => armTick(label, colours[i], i)));
    conditions.forEach((label, i) => {
      const stroke = i === 0 ? 'stroke-width="4.5" opacity="0.55"' : 'stroke-width="2.2" stroke-dasharray="7 4"';
      const span = E.element("span", { class: "key" });
      span.innerHTML = `<svg viewBox="0 0 34 10" aria-hidden="true"><line x1="0" x2="34" y1="5" y2="5" stroke="${INK}" ${stroke}/></svg>`;
      span.append(label);
      root.append(span);
    });
  }

  function armTick(label, colour, condition) {
    const box = E.element("input", { type: "checkbox", "aria-label": `show ${label} in all charts` });
    box.checked = true;
    box.addEventListener("change", () => {
      hidden[box.checked ? "delete" : "add"](condition);
      for (const node of document.querySelectorAll(".chart[data-drawn]")) Plotly.restyle(node, "visible", node.data.map((t) => !hidden.has(t.meta)));
    });
    return E.element("label", { class: "tick" }, box, E.element("i", { style: { background: colour } }), E.element("span", {}, label));
  }

  // Charts are drawn when they come near the window, and all of them before the page is printed.
  const waiting = new Map();
  const near = new IntersectionObserver((entries) => entries.forEach((entry) => { if (entry.isIntersecting) drawNow(entry.target); }), { rootMargin: "600px" });
  function drawNow(node) {
    const make = waiting.get(node);
    if (!make || !node.clientWidth) return;
    waiting.delete(node);
    near.unobserve(node);
    make();
    node.dataset.drawn = "yes";
  }
  function later(node, make) { waiting.set(node, make); near.observe(node); }
  E.drawAll = function () {
    for (const part of document.querySelectorAll("details.charts-of")) part.open = true;
    for (const node of [...waiting.keys()]) drawNow(node);
  };
  addEventListener("beforeprint", E.drawAll);

  E.drawCourses = function (courses) {
    lineKey(document.getElementById("line-key"), courses);
    for (const root of document.querySelectorAll("[data-panels]")) {
      const all = courses[root.dataset.panels].filter((panel) => panel.lines.length);
      const panels = all.filter((panel) => panel.lines.some((line) => line.y.some((v) => v !== 0)));
      const empty = document.querySelector(`[data-empty="${root.dataset.panels}"]`);
      const none = all.filter((panel) => !panels.includes(panel)).map((panel) => panel.title.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()));
      if (empty && none.length) empty.textContent = `None at any time, in any arm: ${none.join(", ")}.`;
      const nodes = panels.map((panel) => E.element("div", { class: "chart", role: "img", "aria-label": `${panel.title} over time` }));
      // All in place first: each chart is as wide as the others leave it.
      root.append(...nodes);
      panels.forEach((panel, i) => later(nodes[i], () => drawPanel(nodes[i], panel, courses, root.dataset.panels === "cargo")));
      drawKey(document.querySelector(`[data-key="${root.dataset.panels}"]`), panels, courses);
    }
  };

  // One arm at a time, all its populations below each other.
  E.drawFlows = function (root, picker, flows) {
    const arms = [...new Map(flows.map((flow) => [flow.condition, flow.arm]))];
    const show = (condition) => {
      root.replaceChildren();
      const mine = flows.filter((flow) => flow.condition === condition);
      for (const flow of mine) E.drawFlow(root, flow, arms.length > 1);
      if (picker) for (const button of picker.children) button.setAttribute("aria-pressed", String(Number(button.dataset.condition) === condition));
    };
    if (picker) picker.append(...arms.map(([condition, label]) => {
      const button = E.element("button", { type: "button", "data-condition": condition }, label);
      button.addEventListener("click", () => show(condition));
      return button;
    }));
    if (arms.length) show(arms[0][0]);
  };

  // Middles of labels at least `gap` apart, in order, within 0 to 1.
  function spread(middles, gap) {
    const places = [...middles];
    for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i], places[i - 1] + gap);
    const over = places.length ? places.at(-1) - (1 - gap / 2) : 0;
    if (over > 0) for (let i = places.length - 1; i >= 0; i--) places[i] = Math.min(places[i], 1 - gap / 2 - (places.length - 1 - i) * gap);
    return places;
  }

  function stack(branches, total, pad) {
    const room = 1 - pad * (branches.length - 1);
    let top = 0;
    return branches.map((branch) => { const height = (room * branch.amount) / total, middle = top + height / 2; top += height + pad; return middle; });
  }

  function labels(branches, places, total, x, side) {
    return branches.map((branch, i) => {
      const share = (100 * branch.amount) / total, text = share >= 99.95 ? "100" : share >= 0.1 ? share.toPrecision(share >= 10 ? 3 : 2) : "<0.1";
      return { x, y: 1 - places[i], xref: "paper", yref: "paper", xanchor: side, yanchor: "middle", showarrow: false, align: side, font: { size: 14, color: INK },
        text: `<span style="color:${branch.colour}">■</span> ${plain(branch.words)}${side === "right" ? "<br>" : "  "}<b>${branch.text}</b>${share >= 99.95 ? "" : `  <span style="color:${SOFT}">${plain(text)} %</span>`}` };
    });
  }

  E.drawFlow = function (root, flow, several) {
    const total = flow.outputs.reduce((sum, b) => sum + b.amount, 0) || 1, given = flow.inputs.reduce((sum, b) => sum + b.amount, 0) || 1;
    const each = 1 / Math.max(1, flow.outputs.length), pad = Math.min(0.05, 0.5 * each), gap = Math.min(0.075, each);
    const [left, right] = [stack(flow.inputs, given, 0.05), stack(flow.outputs, total, pad)];
    const nodes = [...flow.inputs, { words: "vesicles", colour: "#16202c" }, ...flow.outputs], pool = flow.inputs.length;
    const faint = (hex) => `rgba(${E.rgb(hex).join(",")},0.32)`;
    const amounts = [...flow.inputs, ...flow.outputs];
    root.append(E.element("h3", {}, `${flow.species} vesicles${several ? ": " + flow.arm : ""}`));
    const node = E.element("div", { class: "flow", role: "img", "aria-label": `Flow of ${flow.species} vesicles: ${flow.outputs.map((b) => `${b.words} ${b.text}`).join(", ")}` });
    node.style.height = `${Math.max(240, 40 + 31 * flow.outputs.length)}px`;
    root.append(node);
    const at = (v) => Math.min(0.999, Math.max(0.001, v));
    Plotly.newPlot(node, [{
      type: "sankey", arrangement: "fixed", hoverinfo: "none", domain: { x: [0.15, 0.66], y: [0, 1] }, textfont: { size: 1, color: "rgba(0,0,0,0)" },
      node: { pad: 12, thickness: 14, line: { width: 0 }, label: nodes.map(() => ""), color: nodes.map((n) => n.colour),
        x: [...flow.inputs.map(() => 0.001), 0.42, ...flow.outputs.map(() => 0.999)], y: [...left.map(at), 0.5, ...right.map(at)] },
      link: { source: [...flow.inputs.map((_, i) => i), ...flow.outputs.map(() => pool)], target: [...flow.inputs.map(() => pool), ...flow.outputs.map((_, i) => pool + 1 + i)],
        value: amounts.map((b) => b.amount), color: amounts.map((b) => faint(b.colour)) },
    }], {
      font: FONT, margin: { l: 4, r: 4, t: 14, b: 14 }, paper_bgcolor: "#fff",
      annotations: [...labels(flow.inputs, spread(left, 0.08), given, 0.142, "right"), ...labels(flow.outputs, spread(right, gap), total, 0.672, "left")],
    }, { ...CONFIG, displayModeBar: false });
  };
})(Exocosm);
