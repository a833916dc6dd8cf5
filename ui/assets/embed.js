// The light page inside the widget's frame: asks the API, shows the answer as it grows.
(() => {
  "use strict";
  const root = document.documentElement;
  const wanted = new URLSearchParams(location.hash.slice(1));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = wanted.get("theme");
  const dress = () => root.classList.toggle("dim", theme === "dark" || (theme !== "light" && dark.matches));
  dress();
  dark.addEventListener("change", dress);
  const color = wanted.get("color") || "";
  if (/^#[0-9a-f]{3,6}$/i.test(color) && color !== "#a3301f") root.style.setProperty("--accent", color);
  root.classList.toggle("framed", parent !== window);

  const at = (id) => document.getElementById(id);
  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    return node;
  };
  const log = at("log");
  const box = at("question");
  const send = document.querySelector("form button");
  if (wanted.get("title")) document.querySelector("h1").textContent = wanted.get("title");
  if (wanted.get("greeting")) at("greeting").textContent = wanted.get("greeting");

  const pass = document.querySelector("meta[name=pass]").content;
  const headers = pass ? { "X-Widget-Pass": pass } : {};
  const panel = window.GuidePanel(at("panel"), { headers });
  const history = [];
  let host = null; // the page around us, once it has said hello
  const tell = (message) => host && parent.postMessage(message, host);

  const markOf = (c) => {
    const place = c.chapter ? `第${c.chapter}章` : c.chapter_title.replaceAll(" ", "");
    return c.footnotes.length ? `[${place}·注${c.footnotes.join("、")}]` : `[${place}]`;
  };
  const line = (text, left) => {
    const row = make("p");
    for (const piece of text.split(/(\[[^[\]]{1,40}\])/)) {
      const found = left.findIndex((c) => markOf(c) === piece);
      if (found < 0) { row.append(piece); continue; }
      const c = left[found];
      if (left.filter((other) => markOf(other) === piece).length > 1) left.splice(found, 1);
      const chip = make("button", "chip", piece.slice(1, -1));
      chip.type = "button";
      chip.addEventListener("click", () => panel.quote(c.passage_id, c.quote, chip));
      row.append(chip);
    }
    return row;
  };
  const aside = (unsupported) => {
    const box = make("div", "unsupported");
    box.append(make("p", "lead", "模型还写了下面的话，书中没有依据，不算作回答"), ...unsupported.map((one) => {
      const row = make("p");
      row.append(make("del", "", one.sentence), make("span", "tag", "未经证实"), make("span", "reason", one.reason));
      return row;
    }));
    return box;
  };
  // An answer, or what has come of it so far.
  const draw = (block, { answer, citations, draft, unsupported, notice }) => {
    const left = citations.slice();
    block.replaceChildren(...[
      notice && make("p", "notice", notice),
      ...answer.split("\n").filter(Boolean).map((text) => line(text, left)),
      draft && make("p", "draft", draft),
      unsupported.length && aside(unsupported),
    ].filter(Boolean));
  };
  const finish = (block, answer) => {
    draw(block, answer);
    block.classList.toggle("refusal", !answer.answered);
    if (answer.notes.length) {
      const list = make("ul", "sources");
      list.append(...answer.notes.map((n) => make("li", "", `注 ${n.number} ${n.text}`)));
      block.append(list);
    }
    history.push({ role: "user", content: answer.question }, { role: "assistant", content: answer.answer });
    history.splice(0, history.length - 12);
    tell({ guide: "answer", answer });
  };

  const events = async function* (reply) {
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const [name, data] = block.split("\n");
        yield [name.slice(7), JSON.parse(data.slice(6))];
      }
    }
  };
  const grow = (shown, name, data) => {
    if (name === "sentence") {
      shown.answer = data.replaces ? data.text : shown.answer + data.text;
      if (data.replaces) shown.citations = [];
    }
    if (name === "citation") shown.citations.push(data);
    if (name === "unsupported") shown.unsupported.push(data);
    if (name === "notice") shown.notice = data.text;
    if (name === "draft") shown.draft = data.text;
    return shown.answer || shown.draft || shown.unsupported.length;
  };
  const ask = async (question) => {
    send.disabled = true;
    const block = make("div", "answer");
    block.append(make("p", "", "正在查阅全书…"));
    const asked = make("p", "asked", question);
    const stop = make("button", "stop", "停止");
    const broken = new AbortController();
    stop.type = "button";
    stop.addEventListener("click", () => broken.abort());
    log.append(asked, block, stop);
    asked.scrollIntoView({ block: "start" });
    const shown = { answer: "", citations: [], draft: "", unsupported: [], notice: "" };
    try {
      const reply = await fetch("api/ask", {
        method: "POST",
        signal: broken.signal,
        headers: { ...headers, "Content-Type": "application/json", Accept: "text/event-stream" },
        body: JSON.stringify({ question, history }),
      });
      if (!reply.ok) throw new Error((await reply.json()).detail);
      for await (const [name, data] of events(reply)) {
        if (name === "done") finish(block, data);
        else if (grow(shown, name, data)) draw(block, shown);
        asked.scrollIntoView({ block: "start" });
        if (name === "error") throw new Error(data.detail);
      }
    } catch (error) {
      if (broken.signal.aborted) {
        draw(block, { ...shown, draft: "", notice: "已停止。" });
      } else {
        const said = error instanceof TypeError || typeof error.message !== "string" ? "连接不上服务，请稍后再试。" : error.message;
        block.classList.add("failed");
        block.replaceChildren(make("p", "", said));
      }
    }
    stop.remove();
    send.disabled = false;
  };
  const submit = () => {
    const question = box.value.trim();
    if (!question || send.disabled) return;
    box.value = "";
    ask(question);
  };

  document.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell({ guide: "close" });
  });
  at("close").addEventListener("click", () => tell({ guide: "close" }));
  addEventListener("message", (event) => {
    if (event.source !== parent || parent === window) return;
    const said = event.data && event.data.guide;
    if (said === "hello") { host = event.origin; tell({ guide: "ready" }); }
    if (said === "focus") requestAnimationFrame(() => box.focus()); // not before the frame is shown
    if (said === "ask" && typeof event.data.question === "string" && !send.disabled) ask(event.data.question.slice(0, 500));
  });
})();
