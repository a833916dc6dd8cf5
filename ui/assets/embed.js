// The page in the widget's frame: asks the API, shows the answer as it grows.
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
  const make = (tag, name, text = "") => panel.make(tag, name ? { class: name } : {}, text);
  const log = at("log");
  const box = at("question");
  const send = document.querySelector("form button");
  if (wanted.get("title")) document.querySelector("h1").textContent = wanted.get("title");
  if (wanted.get("greeting")) at("greeting").textContent = wanted.get("greeting");

  const pass = document.querySelector("meta[name=pass]").content;
  const headers = pass ? { "X-Widget-Pass": pass } : {};
  const panel = window.GuidePanel(at("panel"), { headers });
  const post = (path, body, more, signal) =>
    fetch(path, { method: "POST", signal, headers: { ...more, "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const history = [];
  let host = null; // the page around us, after its hello
  const tell = (message) => host && parent.postMessage(message, host);

  const markOf = (c) => {
    const place = c.chapter ? `第${c.chapter}章` : c.chapter_title.replaceAll(" ", "");
    return c.footnotes.length ? `[${place}·注${c.footnotes.join("、")}]` : `[${place}]`;
  };
  const draw = (block, { answer, citations, draft, unsupported, notice }) => {
    const left = citations.slice();
    block.replaceChildren();
    const put = (name, text) => text && block.appendChild(make("p", name, text));
    put("soft", notice);
    for (const line of answer.split("\n").filter(Boolean)) {
      const row = block.appendChild(make("p"));
      for (const piece of line.split(/(\[[^[\]]{1,40}\])/)) {
        const [c, next] = left.filter((c) => markOf(c) === piece);
        if (!c) { row.append(piece); continue; }
        if (next) left.splice(left.indexOf(c), 1);
        const chip = panel.make("button", { type: "button", class: "chip", onclick: () => panel.quote(c.passage_id, c.quote, chip) }, piece.slice(1, -1));
        row.append(chip);
      }
    }
    put("soft", draft);
    for (const one of unsupported) put("soft", `未经证实：${one.reason}`).prepend(make("del", "", one.sentence), " ");
  };
  // A second click changes the rating; the comment goes with the last one.
  const session = crypto.randomUUID?.() || String(Math.random()).slice(2);
  const rate = (answer) => {
    let rating;
    const said = panel.make("span", { role: "status" });
    const give = async (comment) => {
      const reply = await post("api/feedback", { answer_id: answer.id, session_id: session, rating, comment }).catch(() => ({}));
      said.textContent = reply.ok ? "谢谢，已记下" : "没有成功，请稍后再试。";
      return reply.ok;
    };
    const add = async () => {
      const comment = note.value.trim();
      if (comment && !(await give(comment))) return;
      row.querySelector("[aria-pressed=true]").focus();
      more.hidden = true;
    };
    const button = (label, onclick) => panel.make("button", { type: "button", onclick }, label);
    const hint = "哪里好，哪里不对？（可不填）";
    const note = panel.make("input", { maxlength: 1000, placeholder: hint, "aria-label": hint });
    note.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); add(); } });
    const more = panel.make("p", { class: "acts" }, note, button("提交", add));
    more.hidden = true;
    const row = panel.make("p", { class: "acts" }, ...[["helpful", "有帮助"], ["unhelpful", "没帮助"], ["wrong_citation", "引用不符"]].map(
      ([value, label]) => button(label, async (event) => {
        rating = value;
        row.querySelectorAll("button").forEach((node) => node.setAttribute("aria-pressed", node === event.currentTarget));
        if (!(await give(""))) return;
        more.hidden = false;
        note.focus();
      })), said);
    return [row, more];
  };
  const finish = (block, answer) => {
    draw(block, answer);
    block.classList.toggle("refusal", !answer.answered);
    const list = make("ul", "sources");
    for (const n of answer.notes) list.append(make("li", "", `注 ${n.number} ${n.text}`));
    if (answer.notes.length) block.append(list);
    block.append(...rate(answer));
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
  const ask = async (question) => {
    send.disabled = true;
    const block = make("div", "answer");
    const asked = make("p", "asked", question);
    const broken = new AbortController();
    const stop = panel.make("button", { class: "soft", onclick: () => broken.abort() }, "停止");
    const shown = { answer: "", citations: [], unsupported: [], draft: "正在查阅全书…" };
    draw(block, shown);
    log.append(asked, block, stop);
    asked.scrollIntoView({ block: "start" });
    try {
      const reply = await post("api/ask", { question, history }, { ...headers, Accept: "text/event-stream" }, broken.signal);
      if (!reply.ok) throw new Error((await reply.json()).detail);
      for await (const [name, data] of events(reply)) {
        if (data.replaces) Object.assign(shown, { answer: "", citations: [] });
        if (name === "sentence") shown.answer += data.text;
        if (name === "citation") shown.citations.push(data);
        if (name === "unsupported") shown.unsupported.push(data);
        if (name === "draft") shown.draft = data.text && `核对中：${data.text}`;
        if (name === "done") finish(block, data);
        else draw(block, shown);
        asked.scrollIntoView({ block: "start" });
        if (name === "error") throw new Error(data.detail);
      }
    } catch (error) {
      if (broken.signal.aborted) draw(block, { ...shown, draft: "", notice: "已停止" });
      else {
        block.classList.add("failed");
        block.replaceChildren(make("p", "", error.constructor === Error ? error.message : "连接不上服务，请稍后再试。"));
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
    if (said === "focus") requestAnimationFrame(() => box.focus()); // once the frame is shown
    if (said === "ask" && typeof event.data.question === "string" && !send.disabled) ask(event.data.question.slice(0, 500));
  });
})();
