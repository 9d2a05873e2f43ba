// The drawing itself: one canvas, one camera, one pane beside the other for each arm shown. Parallel projection,
// so that a micrometre is as long at the back as at the front and the scale bar holds everywhere.
(function (E) {
  const FROM = [[1, -0.42, 0.36], [0.42, -1, 0.36], [0.2, -0.55, 1]];
  const PAPER = [0.984, 0.988, 0.992];

  function cellMesh(uniforms) {
    const geometry = new THREE.InstancedBufferGeometry();
    const square = new Float32Array([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0]);
    geometry.setAttribute("position", new THREE.BufferAttribute(square, 3));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    const material = new THREE.ShaderMaterial({
      glslVersion: THREE.GLSL3, vertexShader: E.cellVertex, fragmentShader: E.cellFragment, uniforms, alphaToCoverage: true,
    });
    const mesh = new THREE.Mesh(geometry, material);
    mesh.frustumCulled = false;
    return mesh;
  }

  function planeMesh(uniforms) {
    const material = new THREE.ShaderMaterial({
      glslVersion: THREE.GLSL3, vertexShader: E.planeVertex, fragmentShader: E.planeFragment, uniforms, side: THREE.DoubleSide,
    });
    const mesh = new THREE.Mesh(new THREE.PlaneGeometry(1, 1), material);
    const border = new THREE.LineSegments(new THREE.EdgesGeometry(mesh.geometry), new THREE.LineBasicMaterial({ color: 0x5d6a78 }));
    mesh.add(border);
    mesh.frustumCulled = false;
    return mesh;
  }

  function texture3d(bytes, shape) {
    const texture = new THREE.Data3DTexture(bytes, ...shape);
    Object.assign(texture, { format: THREE.RedFormat, type: THREE.UnsignedByteType, minFilter: THREE.LinearFilter, magFilter: THREE.LinearFilter, unpackAlignment: 1 });
    texture.wrapS = texture.wrapT = texture.wrapR = THREE.ClampToEdgeWrapping;
    texture.needsUpdate = true;
    return texture;
  }

  function scaleTexture(scale) {
    const bytes = new Uint8Array(4 * 256);
    for (let i = 0; i < 256; i++) bytes.set([scale[3 * i], scale[3 * i + 1], scale[3 * i + 2], 255], 4 * i);
    const texture = new THREE.DataTexture(bytes, 256, 1, THREE.RGBAFormat);
    texture.minFilter = texture.magFilter = THREE.LinearFilter;
    texture.needsUpdate = true;
    return texture;
  }

  // One arm's tissue: cells, the block around them, the field on the slice.
  function pane(scene) {
    const uniforms = {
      cut: { value: new THREE.Vector4(0, 1, 0, 0) }, cutting: { value: 0 }, painted: { value: 0 },
      block: { value: new THREE.Vector3(...scene.box) }, field: { value: texture3d(new Uint8Array(1), [1, 1, 1]) },
      scale: { value: scaleTexture(scene.scales.cell) }, paper: { value: new THREE.Vector3(...PAPER) },
      toWorld: { value: null }, depth: { value: new THREE.Vector2() }, largest: { value: scene.radius }, pixel: { value: 1 }, wash: { value: 0 },
    };
    const world = new THREE.Scene(), cells = cellMesh(uniforms), plane = planeMesh(uniforms);
    const outline = new THREE.LineSegments(new THREE.EdgesGeometry(new THREE.BoxGeometry(1, 1, 1)), new THREE.LineBasicMaterial({ color: 0xb4bec9 }));
    world.add(cells, plane, outline);
    plane.visible = false;
    return { world, cells, plane, outline, uniforms };
  }

  function setCells(p, frame, radius, tint) {
    const geometry = p.cells.geometry;
    if (geometry.instanceCount !== frame.n || p.frame !== frame) {
      geometry.dispose();
      geometry.setAttribute("centre", new THREE.InstancedBufferAttribute(frame.centre, 3));
      p.frame = frame;
    }
    geometry.setAttribute("radius", new THREE.InstancedBufferAttribute(radius, 1));
    geometry.setAttribute("tint", new THREE.InstancedBufferAttribute(tint, 3, true));
    geometry.instanceCount = frame.n;
  }

  function setField(p, field, bytes, scale) {
    p.uniforms.field.value.dispose();
    p.uniforms.scale.value.dispose();
    p.uniforms.field.value = texture3d(bytes, field.shape);
    p.uniforms.scale.value = scaleTexture(scale);
  }

  function setCut(p, box, cut, painted) {
    p.uniforms.block.value.set(...box);
    p.outline.scale.set(...box);
    p.outline.position.set(...box.map((length) => length / 2));
    p.uniforms.cutting.value = cut ? 1 : 0;
    p.uniforms.painted.value = cut && painted ? 1 : 0;
    p.plane.visible = Boolean(cut && painted);
    if (!cut) return;
    p.uniforms.cut.value.set(...cut.normal, cut.distance);
    const [a, b] = [0, 1, 2].filter((axis) => axis !== cut.axis);
    p.plane.rotation.set(cut.axis === 1 ? Math.PI / 2 : 0, cut.axis === 0 ? Math.PI / 2 : 0, 0);
    p.plane.scale.set(...(cut.axis === 0 ? [box[2], box[1], 1] : [box[a], box[b], 1]));
    const middle = box.map((length) => length / 2);
    // A little behind the cut faces of the cells, so that these lie on top of it.
    middle[cut.axis] = cut.position - 1.5 * cut.normal[cut.axis];
    p.plane.position.set(...middle);
  }

  E.createDrawing = function (canvas, scene, count) {
    const renderer = new THREE.WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    renderer.setClearColor(0xfbfcfd);
    renderer.setScissorTest(true);
    const camera = new THREE.OrthographicCamera(-1, 1, 1, -1, 1, 10);
    camera.up.set(0, 0, 1);
    const reach = Math.hypot(...scene.box), centre = new THREE.Vector3(...scene.box.map((length) => length / 2));
    const controls = new THREE.OrbitControls(camera, canvas);
    Object.assign(controls, { enableDamping: false, minZoom: 0.5, maxZoom: 40, zoomSpeed: 1.4 });
    const panes = Array.from({ length: count }, () => pane(scene));

    if (scene.focus.centre) centre.set(...scene.focus.centre);

    // From the side where a cut across `axis` is seen almost full on.
    function home(axis) {
      camera.position.copy(centre).add(new THREE.Vector3(...(FROM[axis] || FROM[1])).normalize().multiplyScalar(2 * reach));
      camera.zoom = Math.max(1, E.viewHeight(scene, 1) / (2.9 * (scene.focus.radius + scene.radius)));
      controls.target.copy(centre);
      camera.updateProjectionMatrix();
      controls.update();
    }

    function fit() {
      const { clientWidth, clientHeight } = canvas;
      renderer.setPixelRatio(Math.min(2, window.devicePixelRatio || 1));
      renderer.setSize(clientWidth, clientHeight, false);
      const aspect = clientWidth / count / clientHeight, tall = E.viewHeight(scene, aspect);
      Object.assign(camera, { top: tall / 2, bottom: -tall / 2, left: (-tall / 2) * aspect, right: (tall / 2) * aspect, near: 0.2 * reach, far: 4 * reach });
      camera.updateProjectionMatrix();
    }

    function draw() {
      const width = canvas.clientWidth / count, height = canvas.clientHeight;
      camera.updateMatrixWorld();
      panes.forEach((p, i) => {
        p.uniforms.toWorld.value = camera.matrixWorld;
        p.uniforms.depth.value.set(-1.72 * reach, -2.42 * reach);
        p.uniforms.pixel.value = drawing.micrometresPerPixel();
        renderer.setViewport(i * width, 0, width, height);
        renderer.setScissor(i * width, 0, width, height);
        renderer.render(p.world, camera);
      });
    }

    const drawing = {
      camera, controls, panes, home, fit, draw, setCells, setField, setCut,
      micrometresPerPixel: () => (camera.top - camera.bottom) / camera.zoom / canvas.clientHeight,
    };
    home(1);
    return drawing;
  };

  // Height of the view in µm that shows the whole block from any side, less what the corners leave empty.
  E.viewHeight = (scene, aspect) => 0.86 * Math.hypot(...scene.box) * Math.max(1, 1 / aspect);
})(Exocosm);
