// What each cell looks like: its colour, and whether it is shown and how many are.
(function (E) {
  const NOTHING = [222, 226, 231];

  E.rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

  E.fraction = function (value, low, high, logarithmic) {
    if (!logarithmic) return (value - low) / (high - low);
    return value <= low ? 0 : Math.log(value / low) / Math.log(high / low);
  };

  E.step = function (scale, share) {
    const i = 3 * Math.max(0, Math.min(255, Math.round(share * 255)));
    return [scale[i], scale[i + 1], scale[i + 2]];
  };

  // Value of a field in the voxel that holds a point.
  E.sample = function (field, box, x, y, z) {
    const [nx, ny, nz] = field.shape;
    const at = (v, n, length) => Math.max(0, Math.min(n - 1, Math.floor((v / length) * n)));
    const i = at(x, nx, box[0]) + nx * (at(y, ny, box[1]) + ny * at(z, nz, box[2]));
    return field.low + field.steps[i] * field.span;
  };

  // `by` is {kind: "type" | "state" | "quantity" | "field", index, low, high, log}.
  E.paint = function (scene, frame, by, field, box) {
    const tint = new Uint8Array(3 * frame.n);
    const types = scene.types.map((t) => E.rgb(t.colour)), states = scene.states.map((s) => E.rgb(s.colour));
    const scale = scene.scales[by.kind === "field" ? scene.fields[by.index].kind : "cell"];
    for (let i = 0; i < frame.n; i++) {
      let colour = NOTHING;
      if (by.kind === "type") colour = types[frame.type[i]] || NOTHING;
      else if (by.kind === "state") colour = states[frame.state[i]] || NOTHING;
      else if (by.kind === "quantity") {
        const value = frame.inside[by.index][i];
        if (value > 0) colour = E.step(scale, E.fraction(value, by.low, by.high, by.log));
      } else if (by.level >= 0) colour = E.step(scale, E.fraction(frame.levels[by.level][i], by.low, by.high, by.log));
      else if (field) {
        const [x, y, z] = frame.centre.subarray(3 * i, 3 * i + 3);
        colour = E.step(scale, E.fraction(E.sample(field, box, x, y, z), by.low, by.high, by.log));
      }
      tint.set(colour, 3 * i);
    }
    return tint;
  };

  // Radii of what is shown (0 hides a cell), and how many cells of each type reach into the kept half.
  E.show = function (scene, frame, hidden, cut) {
    const radius = Float32Array.from(frame.radius), counts = scene.types.map(() => 0);
    let visible = 0;
    for (let i = 0; i < frame.n; i++) {
      if (hidden.has(scene.types[frame.type[i]]?.name)) radius[i] = 0;
      else if (!cut || E.above(cut, frame.centre, i) < frame.radius[i]) {
        visible++;
        counts[frame.type[i]]++;
      }
    }
    return { radius, visible, counts };
  };

  // Distance of a cell's centre into the removed half.
  E.above = (cut, centre, i) => cut.normal[0] * centre[3 * i] + cut.normal[1] * centre[3 * i + 1] + cut.normal[2] * centre[3 * i + 2] - cut.distance;

  // The cell first met by a ray, with the cut taken into account; -1 for none.
  E.pick = function (frame, radius, origin, direction, cut) {
    let best = Infinity, found = -1;
    for (let i = 0; i < frame.n; i++) {
      const r = radius[i];
      if (r <= 0) continue;
      const o = [0, 1, 2].map((a) => origin[a] - frame.centre[3 * i + a]);
      const b = o[0] * direction[0] + o[1] * direction[1] + o[2] * direction[2];
      const disc = b * b - (o[0] * o[0] + o[1] * o[1] + o[2] * o[2]) + r * r;
      if (disc < 0) continue;
      let t = -b - Math.sqrt(disc);
      const last = -b + Math.sqrt(disc);
      if (cut) {
        const side = (s) => cut.normal.reduce((sum, n, a) => sum + n * (origin[a] + s * direction[a]), 0) - cut.distance;
        if (side(t) > 0) {
          const slope = cut.normal.reduce((sum, n, a) => sum + n * direction[a], 0);
          if (slope >= 0) continue;
          t -= side(t) / slope;
          if (t > last) continue;
        }
      }
      if (t < best) { best = t; found = i; }
    }
    return found;
  };
})(Exocosm);
