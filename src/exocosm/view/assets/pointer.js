// Keys, pointer and play button of the tissue.
(function (E) {
  const PLAY = "M5 3l12 7-12 7z", PAUSE = "M5 3h4v14H5zM11 3h4v14h-4z";

  E.playButton = function (button, next) {
    let timer = 0;
    const path = button.querySelector("path");
    button.addEventListener("click", () => {
      if (timer) { clearInterval(timer); timer = 0; } else { next(); timer = setInterval(next, 650); }
      path.setAttribute("d", timer ? PAUSE : PLAY);
      button.setAttribute("aria-label", timer ? "Pause" : "Play");
    });
  };

  E.keyTurns = function (stage, drawing, draw) {
    const turns = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    stage.addEventListener("keydown", (event) => {
      const { camera, controls } = drawing;
      if (event.key === "+" || event.key === "-") {
        camera.zoom = Math.max(controls.minZoom, Math.min(controls.maxZoom, camera.zoom * (event.key === "+" ? 1.15 : 1 / 1.15)));
        camera.updateProjectionMatrix();
      } else if (turns[event.key]) {
        const offset = camera.position.clone().sub(controls.target), [around, up] = turns[event.key];
        const distance = offset.length(), angle = Math.atan2(offset.y, offset.x) + 0.12 * around;
        const height = Math.max(-1.5, Math.min(1.5, Math.asin(offset.z / distance) - 0.12 * up));
        offset.set(Math.cos(height) * Math.cos(angle), Math.cos(height) * Math.sin(angle), Math.sin(height)).multiplyScalar(distance);
        camera.position.copy(controls.target).add(offset);
        controls.update();
      } else return;
      event.preventDefault();
      draw();
    });
  };

  // `describe(pane, origin, direction)` answers with nodes for the cell under the pointer, or null.
  E.pointAtCells = function (stage, tip, drawing, panes, describe) {
    let last = 0;
    const hide = () => { tip.hidden = true; };
    stage.addEventListener("pointerleave", hide);
    stage.addEventListener("pointerdown", hide);
    stage.addEventListener("pointermove", (event) => {
      if (event.buttons) return hide();
      if (event.timeStamp - last < 40 || event.target.tagName === "SELECT") return;
      last = event.timeStamp;
      const box = stage.getBoundingClientRect(), width = box.width / panes;
      const x = event.clientX - box.left, y = event.clientY - box.top, pane = Math.min(panes - 1, Math.floor(x / width));
      const origin = new THREE.Vector3((2 * (x - pane * width)) / width - 1, 1 - (2 * y) / box.height, -1).unproject(drawing.camera);
      const direction = new THREE.Vector3(0, 0, -1).transformDirection(drawing.camera.matrixWorld);
      const found = describe(pane, origin.toArray(), direction.toArray());
      if (!found) return hide();
      tip.replaceChildren(...found);
      tip.hidden = false;
      tip.style.left = `${Math.min(x + 16, box.width - tip.offsetWidth - 8)}px`;
      tip.style.top = `${Math.min(y + 16, box.height - tip.offsetHeight - 8)}px`;
    });
  };
})(Exocosm);
