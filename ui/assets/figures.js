// What the pages of figures and surveys do beyond plain links and forms: filtering in place,
// the reading panel, pictures.
(() => {
  "use strict";
  const panel = window.GuidePanel(document.getElementById("panel"));
  const form = document.getElementById("filters");

  // The server filters, sorts and draws; only the results are put in the place of the old ones.
  let latest = 0;
  const load = async (address) => {
    const turn = ++latest;
    const results = document.getElementById("results");
    results.setAttribute("aria-busy", "true");
    const held = document.activeElement?.id;
    try {
      const reply = await fetch(address);
      if (!reply.ok) throw new Error(String(reply.status));
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (turn !== latest) return;
      history.replaceState(null, "", address);
      document.getElementById("count").textContent = fresh.getElementById("count").textContent;
      document.querySelector(".downloads").replaceWith(fresh.querySelector(".downloads"));
      results.replaceWith(fresh.getElementById("results"));
      document.getElementById(held)?.focus();
    } catch {
      if (turn === latest) location.assign(address);
    }
  };
  const wanted = () => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    return `${location.pathname}?${new URLSearchParams(fields)}`;
  };
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => load(wanted()), 200);
  };
  if (form) {
    form.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
    form.addEventListener("compositionend", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      load(wanted());
    });
  }

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const copyOf = (figure) => {
    const drawn = figure.querySelector("svg").cloneNode(true);
    drawn.querySelectorAll("a").forEach((link) => link.replaceWith(...link.childNodes));
    return new XMLSerializer().serializeToString(drawn);
  };
  const picture = async (text, box) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [box.width * 2, box.height * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("empty"))), "image/png"));
  };
  const download = async (button) => {
    const figure = button.closest("figure");
    const name = figure.querySelector("svg").getAttribute("aria-label");
    const text = copyOf(figure);
    if (button.value === "svg") return save(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);
    try {
      save(await picture(text, figure.querySelector("svg").viewBox.baseVal), `${name}.png`);
    } catch {
      document.getElementById("count").textContent = form.dataset.failed;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".chart button");
    if (button) return void download(button);
    const link = event.target.closest?.("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = link.href.baseVal ?? link.getAttribute("href");
    if (address.startsWith("#")) {
      if (panel.follow(decodeURIComponent(address), link)) event.preventDefault();
    } else if (link.dataset.sort) {
      event.preventDefault();
      form.elements.sort.value = link.dataset.sort;
      form.elements.order.value = link.dataset.order;
      load(wanted());
    } else if (link.id === "reset") {
      event.preventDefault();
      for (const field of form.querySelectorAll("select, input:not([type=hidden])")) field.value = "";
      load(wanted());
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && panel.isOpen()) panel.close();
  });
})();
