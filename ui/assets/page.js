// What the chat page adds to gradio: the reading panel, the buttons below an answer, export.
(() => {
  "use strict";
  const here = document.currentScript.dataset;
  const english = here.language === "en";
  const base = here.base || "";
  const t = english
    ? {
      copied: "Copied", thanks: "Thank you", comment: "What was wrong, or right? (optional)", send: "Send",
      failed: "This did not work. Please try again.", know: "What to know",
      act: "What to do", figures: "Key figures", ask: "Ask about this chapter",
      between: ", ", topics: "What are the three topics of chapter {number}?",
    }
    : {
      copied: "已复制", thanks: "谢谢，已记下", comment: "哪里好，哪里不对？（可不填）", send: "提交",
      failed: "没有成功，请稍后再试。", know: "需要了解",
      act: "需要采取的行动", figures: "关键数字", ask: "就这一章提问",
      between: "、", topics: "第 {number} 章讲了哪三个主题？",
    };

  // gradio names the language of the browser instead, whenever its own words have come.
  const root = document.documentElement;
  const speak = () => { if (root.lang !== here.lang) root.lang = here.lang; };
  speak();
  new MutationObserver(speak).observe(root, { attributeFilter: ["lang"] });

  // gradio marks its dark mode on the body; our colours hang on the root element.
  const narrow = matchMedia("(max-width: 760px)");
  let seen = 0;
  let settled = true; // the last question stands at the top, its answer is whole
  const dress = () => {
    document.documentElement.classList.toggle("dim", document.body.classList.contains("dark"));
    // gradio names a message by its source text: the text itself is what should be read out.
    document.querySelectorAll('#chat [data-testid][aria-label*="<div"]').forEach((node) => node.removeAttribute("aria-label"));
    // A list whose items are no list items.
    document.querySelector("#chat .examples[role=list]")?.setAttribute("role", "group");
    const asked = document.querySelectorAll("#chat .user-row");
    if (asked.length > seen) settled = false;
    seen = asked.length;
    if (!settled && seen) {
      asked[seen - 1].scrollIntoView({ block: "start" });
      settled = document.querySelectorAll("#chat .acts").length >= seen;
    }
    const contents = document.querySelector("#contents details:not([data-seen])");
    if (contents) {
      contents.dataset.seen = "1";
      contents.open = !narrow.matches;
    }
  };

  const fillIn = (question) => {
    const box = document.querySelector("#question textarea");
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  const session = () => {
    try {
      let id = sessionStorage.getItem("guide-session");
      if (!id) sessionStorage.setItem("guide-session", (id = crypto.randomUUID?.() || String(Math.random()).slice(2)));
      return id;
    } catch { return "none"; }
  };

  const say = (text) => {
    announce.textContent = text;
    announce.classList.add("seen");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => announce.classList.remove("seen"), 2400);
  };

  const send = async (answer, rating, comment) => {
    try {
      const reply = await fetch(`${base}/api/feedback`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ answer_id: answer, session_id: session(), rating, comment }),
      });
      if (!reply.ok) throw new Error(String(reply.status));
      say(t.thanks);
      return true;
    } catch { say(t.failed); return false; }
  };

  const dialog = document.createElement("dialog");
  dialog.id = "comment";
  const askComment = (answer, rating, label, from) => {
    const box = Object.assign(document.createElement("textarea"), { maxLength: 1000, rows: 3 });
    box.setAttribute("aria-label", t.comment);
    box.placeholder = t.comment;
    const heading = Object.assign(document.createElement("h2"), { textContent: label });
    const ok = Object.assign(document.createElement("button"), { type: "submit", textContent: t.send });
    const no = Object.assign(document.createElement("button"), { type: "button", textContent: panel.words.close, className: "plain" });
    const form = document.createElement("form");
    form.append(heading, box, ok, no);
    no.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!box.value.trim() || (await send(answer, rating, box.value.trim()))) dialog.close();
    });
    dialog.setAttribute("aria-label", label);
    dialog.replaceChildren(form);
    if (!dialog.isConnected) document.body.append(dialog);
    dialog.onclose = () => from.isConnected && from.focus();
    dialog.showModal();
    box.focus();
  };

  const act = (link, hash) => {
    if (hash === "#copy") {
      const answer = link.closest(".answer").cloneNode(true);
      answer.querySelectorAll(".acts, .unsupported").forEach((node) => node.remove());
      answer.querySelectorAll(".chip").forEach((node) => { node.textContent = `[${node.textContent}]`; });
      const text = [...answer.querySelectorAll("p, li")].map((node) => node.textContent.trim()).join("\n");
      navigator.clipboard.writeText(text).then(() => say(t.copied), () => say(t.failed));
      return true;
    }
    const rate = /^#rate-(helpful|unhelpful|wrong_citation):(.+)$/.exec(hash);
    if (rate) {
      link.closest(".acts").querySelectorAll("a").forEach((node) => node.classList.toggle("chosen", node === link));
      send(rate[2], rate[1], "").then((sent) => { if (sent) askComment(rate[2], rate[1], link.textContent, link); });
      return true;
    }
    const chosen = /^#ch-(\d+)$/.exec(hash);
    if (chosen) {
      panel.show(chapter(Number(chosen[1])), link);
      return true;
    }
    return panel.follow(hash, link);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href*="#"]');
    if (!link || event.ctrlKey || event.metaKey) return;
    const hash = decodeURIComponent(link.hash || "");
    if (link.id === "skip") {
      event.preventDefault();
      document.querySelector("#question textarea")?.focus();
    } else if (act(link, hash)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && panel?.isOpen() && !dialog.open) panel.close();
  });

  const panelRoot = document.createElement("aside");
  panelRoot.id = "panel";
  const announce = document.createElement("div");
  announce.id = "announce";
  announce.setAttribute("role", "status");
  let panel, chapter;
  const start = () => {
    document.body.append(panelRoot, announce);
    dress();
    new MutationObserver(dress).observe(document.body, { attributes: true, attributeFilter: ["class", "aria-label"], childList: true, subtree: true });
    panel = window.GuidePanel(panelRoot, { base });
    chapter = window.GuideChapter(panel, t, fillIn);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();

  window.GuidePage = {
    save(text, name) {
      if (!text) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
      link.download = `${name}.md`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
  };
})();
