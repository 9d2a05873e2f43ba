// Capillaries as tubes of their true radius: eight-sided prisms, one instance for each segment, cut as cells are.
(function (E) {
  const SIDES = 8, NUMBERS = 7, COLOUR = [0.62, 0.12, 0.22];

  E.vesselVertex = `
    in float along; in vec3 start; in vec3 end; in float radius;
    out vec3 place; out vec3 facing;
    void main() {
      vec3 axis = normalize(end - start + vec3(1e-6, 0.0, 0.0)), aside = abs(axis.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(1.0, 0.0, 0.0);
      vec3 u = normalize(cross(axis, aside)), v = cross(axis, u);
      vec3 outward = position.x * u + position.y * v;
      place = mix(start, end, along) + radius * outward;
      facing = mat3(viewMatrix) * outward;
      gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
    }`;

  E.vesselFragment = `
    precision highp float;
    in vec3 place; in vec3 facing;
    uniform vec4 cut; uniform float cutting; uniform vec3 tone;
    out vec4 result;
    void main() {
      if (cutting > 0.5 && dot(cut.xyz, place) - cut.w > 0.0) discard;
      float light = max(0.0, dot(normalize(facing), normalize(vec3(-0.45, 0.65, 0.75))));
      result = vec4(tone * (0.6 + 0.5 * light), 1.0);
    }`;

  function prism() {
    const geometry = new THREE.InstancedBufferGeometry(), position = [], along = [], index = [];
    for (let k = 0; k < SIDES; k++) for (const t of [0, 1]) {
      position.push(Math.cos((2 * Math.PI * k) / SIDES), Math.sin((2 * Math.PI * k) / SIDES), 0);
      along.push(t);
    }
    for (let k = 0; k < SIDES; k++) {
      const [a, b, c, d] = [2 * k, 2 * k + 1, (2 * k + 2) % (2 * SIDES), (2 * k + 3) % (2 * SIDES)];
      index.push(a, c, b, b, c, d);
    }
    geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(position), 3));
    geometry.setAttribute("along", new THREE.BufferAttribute(new Float32Array(along), 1));
    geometry.setIndex(index);
    return geometry;
  }

  // The tubes of one arm as a mesh, from blocks of 7 numbers a segment: two ends and a radius.
  E.vesselMesh = async function (networks, uniforms) {
    const rows = await Promise.all(networks.map(async (n) => new Float32Array(await E.block(n.segments))));
    const count = networks.reduce((sum, n) => sum + n.n, 0), all = new Float32Array(NUMBERS * count), geometry = prism();
    let at = 0;
    for (const row of rows) { all.set(row, at); at += row.length; }
    const column = (from, size) => {
      const values = new Float32Array(size * count);
      for (let i = 0; i < count; i++) for (let k = 0; k < size; k++) values[size * i + k] = all[NUMBERS * i + from + k];
      return new THREE.InstancedBufferAttribute(values, size);
    };
    geometry.setAttribute("start", column(0, 3));
    geometry.setAttribute("end", column(3, 3));
    geometry.setAttribute("radius", column(6, 1));
    geometry.instanceCount = count;
    const material = new THREE.ShaderMaterial({
      glslVersion: THREE.GLSL3, vertexShader: E.vesselVertex, fragmentShader: E.vesselFragment, side: THREE.DoubleSide,
      uniforms: { cut: uniforms.cut, cutting: uniforms.cutting, tone: { value: new THREE.Vector3(...COLOUR) } },
    });
    const mesh = new THREE.Mesh(geometry, material);
    mesh.frustumCulled = false;
    return mesh;
  };
})(Exocosm);
