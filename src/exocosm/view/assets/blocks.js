"use strict";
// Data of the page: JSON by id, and binary blocks that are inflated when first asked for.
const Exocosm = {};
(function (E) {
  E.data = JSON.parse(document.getElementById("data").textContent);
  const texts = JSON.parse(document.getElementById("blocks").textContent);
  const LEVELS = 65535;
  const inflated = new Map();

  async function inflate(name) {
    const deflated = Uint8Array.from(atob(texts[name]), (c) => c.charCodeAt(0));
    const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).arrayBuffer();
  }

  // Blocks shared by two arms are inflated once.
  E.block = function (name) {
    if (!inflated.has(name)) inflated.set(name, inflate(name));
    return inflated.get(name);
  };

  E.readFrame = async function (scene, frame) {
    if (frame.ready) return frame.ready;
    const n = frame.n, raw = await E.block(frame.cells);
    const column = (i) => new Uint16Array(raw, 2 * n * i, n);
    const centre = new Float32Array(3 * n), radius = new Float32Array(n), size = column(3);
    for (let axis = 0; axis < 3; axis++) {
      const steps = column(axis), low = scene.low[axis], span = (scene.high[axis] - low) / LEVELS;
      for (let i = 0; i < n; i++) centre[3 * i + axis] = low + steps[i] * span;
    }
    for (let i = 0; i < n; i++) radius[i] = (size[i] * scene.radius) / LEVELS;
    const type = new Uint8Array(raw, 8 * n, n), state = new Uint8Array(raw, 9 * n, n);
    const counts = frame.counts ? await E.block(frame.counts) : null;
    const inside = scene.quantities.map((quantity, q) => {
      const steps = new Uint16Array(counts, 2 * n * q, n);
      if (quantity.max <= LEVELS) return steps;
      return Float32Array.from(steps, (s) => (s * quantity.max) / LEVELS);
    });
    const levels = scene.levels.map((level, q) => {
      const steps = new Uint16Array(counts, 2 * n * (scene.quantities.length + q), n);
      return Float32Array.from(steps, (s) => level.low + (s * (level.high - level.low)) / LEVELS);
    });
    frame.ready = { n, centre, radius, type, state, inside, levels, time: frame.time };
    return frame.ready;
  };

  E.readField = async function (field, frame) {
    if (frame.ready) return frame.ready;
    const steps = new Uint16Array(await E.block(frame.values));
    frame.ready = { shape: frame.shape, time: frame.time, steps, span: (field.high - field.low) / LEVELS, low: field.low };
    return frame.ready;
  };

  // The last record at or before a time: nothing on the page shows what had not happened yet.
  E.upTo = function (frames, time) {
    let found = frames[0];
    for (const frame of frames) if (frame.time <= time + 1e-6) found = frame;
    return found;
  };

  E.number = function (value, digits = 3) {
    if (!Number.isFinite(value)) return "–";
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 1e7 || size < 1e-3) {
      const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
      const raised = String(Number(exponent)).replace(/[-0-9]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
      return `${mantissa}×10${raised}`.replace("-", "−");
    }
    if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en").replaceAll(",", "\u202f").replace("-", "−");
    return Number(value.toPrecision(digits)).toString().replace("-", "−");
  };

  E.element = function (tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "style") Object.assign(node.style, value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };
})(Exocosm);
