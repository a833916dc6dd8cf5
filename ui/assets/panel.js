// The reading panel: a passage with its quote marked, a note, or a chapter.
// Shared by the page and the widget. Text only ever enters through textContent.
(() => {
  "use strict";
  const WORDS = {
    zh: {
      close: "关闭", back: "返回", note: "注", page: "第", pages: "页", quote: "引用这段原文",
      reference: "引用此出处", copy: "复制", copied: "已复制", failed: "没能取到内容，请稍后再试。",
      panel: "原文与出处", unlinked: "无公开链接", gbt: "GB/T 7714", plain: "普通格式",
    },
    en: {
      close: "Close", back: "Back", note: "Note", page: "pp.", pages: "", quote: "Cite this passage",
      reference: "Cite this source", copy: "Copy", copied: "Copied", failed: "This could not be loaded. Please try again.",
      panel: "Passage and source", unlinked: "no public link", gbt: "GB/T 7714", plain: "Plain",
    },
  };

  const make = (tag, props = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props)) {
      if (key === "class") node.className = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  };
  const button = (name, text, onclick, props) => make("button", { type: "button", class: name, onclick, ...props }, text);

  // Exact text; Markdown's bold signs and the book's line breaks stay in it, out of sight.
  const exact = (text) => {
    const out = document.createDocumentFragment();
    for (const piece of text.split(/(\*\*|\n)/)) {
      if (piece === "**" || piece === "\n") out.append(make("span", { class: "unseen" }, piece));
      else if (piece) out.append(piece);
    }
    return out;
  };

  const safeLink = (url) => (/^https?:\/\//.test(url || "") ? url : null);

  window.GuidePanel = (root, { base = ".", headers = {} } = {}) => {
    const t = WORDS[document.documentElement.lang === "en" ? "en" : "zh"];
    const trail = [];
    let opener = null;
    let latest = 0;

    const title = make("h2", { tabindex: "-1", class: "panel-title" });
    const kicker = make("p", { class: "kicker" });
    const body = make("div", { class: "panel-body" });
    const back = button("back", t.back, () => { trail.pop(); trail.pop()?.(); });
    const shut = button("shut", "×", () => close(), { "aria-label": t.close });
    root.append(make("div", { class: "panel-bar" }, back, shut), make("header", {}, kicker, title), body);
    root.setAttribute("aria-label", t.panel);
    root.hidden = true;

    const close = () => {
      if (root.hidden) return;
      root.hidden = true;
      trail.length = 0;
      document.documentElement.classList.remove("reading");
      if (opener?.isConnected) opener.focus();
    };
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) { event.stopPropagation(); close(); }
    });

    const load = async (path) => {
      const reply = await fetch(base + path, { headers });
      if (!reply.ok) throw new Error(String(reply.status));
      return reply.json();
    };

    const show = async (view, from) => {
      if (from) { opener = from; trail.length = 0; }
      const turn = ++latest;
      trail.push(view);
      back.hidden = trail.length < 2;
      root.hidden = false;
      document.documentElement.classList.add("reading");
      body.setAttribute("aria-busy", "true");
      let drawn;
      try {
        drawn = await view.draw();
      } catch {
        drawn = { kicker: "", title: t.failed, parts: [] };
      }
      if (turn !== latest) return;
      kicker.textContent = drawn.kicker;
      title.textContent = drawn.title;
      body.replaceChildren(...drawn.parts.filter(Boolean));
      body.removeAttribute("aria-busy");
      title.focus({ preventScroll: true });
      root.scrollTop = 0;
      const found = body.querySelector("mark");
      if (found) found.scrollIntoView({ block: "nearest" });
    };
    const view = (draw) => {
      const self = () => show(self);
      self.draw = draw;
      return self;
    };

    const pages = (span) =>
      span ? `${t.page} ${span[0] === span[1] ? span[0] : span.join("–")} ${t.pages}`.trim() : null;

    const copyRow = (label, text) => {
      const copy = button("copy", t.copy, async () => {
        try { await navigator.clipboard.writeText(text); } catch { select(); }
        copy.textContent = t.copied;
        setTimeout(() => { copy.textContent = t.copy; }, 1600);
      }, { "aria-label": `${t.copy} ${label}` });
      const words = make("p", {}, text);
      const select = () => getSelection().selectAllChildren(words);
      return make("div", { class: "reference" }, make("div", { class: "reference-head" }, make("span", {}, label), copy), words);
    };
    const references = (reference, label) =>
      make("details", { class: "references" }, make("summary", {}, label), copyRow(t.gbt, reference.gbt7714), copyRow(t.plain, reference.plain));

    const noteBlock = (note) => {
      const url = safeLink(note.url);
      return make("section", { class: "note-block" },
        make("h3", {}, `${t.note} ${note.number}`),
        make("p", { class: "note-text" }, url ? note.text.replaceAll(url, "").trim() : note.text),
        url ? make("a", { class: "out", href: url, target: "_blank", rel: "noopener noreferrer" }, url) : make("p", { class: "quiet" }, t.unlinked),
        references(note.reference, t.reference));
    };

    // `locate` gives the quote of a passage's text: the server counts code points, not UTF-16.
    const between = (start, end) => (text) => {
      const letters = Array.from(text);
      const from = letters.slice(0, start).join("").length;
      return [from, from + letters.slice(start, end).join("").length];
    };
    const wording = (quote) => (text) => [text.indexOf(quote), text.indexOf(quote) + quote.length];
    const passage = (id, locate) => view(async () => {
      const p = await load(`/api/passages/${encodeURIComponent(id)}`);
      const [start, end] = locate(p.text);
      const text = make("blockquote", { class: "passage" });
      if (start >= 0 && end > start) text.append(exact(p.text.slice(0, start)), make("mark", {}, exact(p.text.slice(start, end))), exact(p.text.slice(end)));
      else text.append(exact(p.text));
      const place = [p.section, pages(p.pages)].filter(Boolean).join(" · ");
      return {
        kicker: p.division,
        title: p.heading || p.section,
        parts: [
          make("p", { class: "place" }, place),
          p.speaker && make("p", { class: "speaker" }, p.speaker),
          text,
          ...p.notes.map(noteBlock),
          make("section", { class: "note-block" }, references(p.reference, t.quote)),
        ],
      };
    });

    const note = (number) => view(async () => {
      const n = await load(`/api/notes/${number}`);
      return { kicker: n.division, title: `${t.note} ${n.number}`, parts: [noteBlock(n)] };
    });

    // "#src-ch04.t2.know.p3:12-85", "#note-40"
    const follow = (hash, from) => {
      const source = /^#src-([\w.]+)(?::(\d+)-(\d+))?$/.exec(hash);
      if (source) return show(passage(source[1], between(Number(source[2] || 0), Number(source[3] || 0))), from), true;
      const numbered = /^#note-(\d+)$/.exec(hash);
      if (numbered) return show(note(Number(numbered[1])), from), true;
      return false;
    };
    const quote = (id, words, from) => show(passage(id, wording(words)), from);
    return { follow, quote, show, view, load, passage, between, exact, make, button, pages, close, words: t, isOpen: () => !root.hidden };
  };
})();
