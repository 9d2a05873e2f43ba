// Starts the page: the tissue, the charts, the tables.
(function (E) {
  const by = (id) => document.getElementById(id);

  function sortable(table) {
    const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
    const order = new Intl.Collator("en", { numeric: true }).compare;
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending", text = (row) => row.cells[column].textContent;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      body.append(...[...body.rows].sort((a, b) => (up ? 1 : -1) * order(text(a), text(b))));
    }));
  }

  function filterable(table) {
    const rows = [...table.tBodies[0].rows];
    const apply = () => {
      const words = by("source-filter").value.toLowerCase().split(/\s+/).filter(Boolean), kind = by("source-kind").value;
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = (kind && row.dataset.kind !== kind) || !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      by("source-count").textContent = shown === rows.length ? `${shown} numbers` : `${shown} of ${rows.length} numbers`;
    };
    by("source-filter").addEventListener("input", apply);
    by("source-kind").addEventListener("change", apply);
    apply();
  }

  function copyButtons() {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.addEventListener("click", () => {
        const range = document.createRange();
        range.selectNodeContents(by(button.dataset.copy));
        const selection = getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        // The clipboard interface is closed to pages opened from a file in some browsers.
        button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
      });
    }
  }

  function tabs(root) {
    const heads = [...root.querySelectorAll('[role="tab"]')];
    const choose = (chosen) => heads.forEach((head) => {
      head.setAttribute("aria-selected", String(head === chosen));
      head.tabIndex = head === chosen ? 0 : -1;
      by(head.getAttribute("aria-controls")).hidden = head !== chosen;
    });
    heads.forEach((head, i) => {
      head.addEventListener("click", () => choose(head));
      head.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = heads[(i + step + heads.length) % heads.length];
        choose(next); next.focus(); event.preventDefault();
      });
    });
  }

  // The part of the page that is being read is marked in the list at the top.
  function contents() {
    const links = new Map([...document.querySelectorAll("nav a[href^='#']:not(.brand)")].map((a) => [a.getAttribute("href").slice(1), a]));
    const mark = () => {
      const passed = [...links.keys()].filter((id) => by(id)?.getBoundingClientRect().top < innerHeight * 0.4);
      for (const [id, link] of links) id === passed.at(-1) ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  const { scene, courses, flows } = E.data;
  if (scene) {
    E.view = E.createView(scene);
    E.tissue = E.startTissue(scene, E.view);
    E.slices = E.startSlices(scene, E.view);
  }
  E.drawCourses(courses);
  E.drawFlows(by("flows"), by("flow-arms"), flows);
  document.querySelectorAll("[data-tabs]").forEach(tabs);
  contents();
  const table = by("source-table");
  if (table) { sortable(table); filterable(table); }
  copyButtons();
  document.documentElement.dataset.ready = "yes";
})(Exocosm);
