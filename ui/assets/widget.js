// The loader: a button in a closed shadow root; the frame is made when it is first opened.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.GuideWidget) return;
  const data = script.dataset;
  const base = script.src.replace(/\/widget\.js.*$/, "");
  const home = new URL(base).origin;
  const one = (value, allowed) => (allowed.includes(value) ? value : allowed[0]);
  const side = one(data.position, ["right", "left"]);
  const theme = one(data.theme, ["auto", "light", "dark"]);
  const color = /^#[0-9a-f]{3}([0-9a-f]{3})?$/i.test(data.color || "") ? data.color : "#a3301f";
  const title = (data.title || "指南问答").slice(0, 40);
  const greeting = (data.greeting || "").slice(0, 200);

  const css = `:host{all:initial!important}
*{box-sizing:border-box}
button,.box{position:fixed;z-index:2147483000;${side}:20px;font:16px/1.5 -apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
button{bottom:20px;border:0;border-radius:6px;padding:12px 20px;background:${color};color:#fff;cursor:pointer;box-shadow:0 4px 18px rgb(0 0 0/.22)}
button:focus-visible{outline:3px solid ${color};outline-offset:3px}
.box{bottom:84px;width:400px;height:min(640px,calc(100vh - 110px));background:${theme === "dark" ? "#141519" : "#fff"};color:#17181c;border-radius:8px;overflow:hidden;box-shadow:0 10px 44px rgb(0 0 0/.26)}
.box[hidden]{display:none}
iframe{width:100%;height:100%;border:0;display:block}
p{padding:24px;margin:0;background:#fff;height:100%}a{color:${color}}
@media(max-width:480px){.box{inset:0;width:100%;height:100%;border-radius:0}}`;

  const holder = document.createElement("div");
  const root = holder.attachShadow({ mode: "closed" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.textContent = title;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-haspopup", "dialog");
  const box = document.createElement("div");
  box.className = "box";
  box.hidden = true;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", title);
  root.append(button, box);

  let frame = null;
  let ready = false;
  const waiting = [];
  const tell = (name, detail) => window.dispatchEvent(new CustomEvent(`guide:${name}`, { detail }));
  const post = (message) => (ready ? frame.contentWindow.postMessage(message, home) : waiting.push(message));

  const build = () => {
    frame = document.createElement("iframe");
    frame.title = title;
    frame.allow = "clipboard-write; local-network-access; local-network; loopback-network";
    frame.referrerPolicy = "origin"; // whatever the host's own policy: the service asks which site it is
    frame.src = `${base}/embed#${new URLSearchParams({ title, greeting, theme, color })}`;
    frame.addEventListener("load", () => {
      frame.contentWindow.postMessage({ guide: "hello" }, home);
      // A refused frame fires "load" as well, and stays blank.
      setTimeout(() => ready || refuse(), 3000);
    });
    setTimeout(() => ready || refuse(), 20000); // a server that never answers fires nothing
    box.append(frame);
  };
  const refuse = () => {
    if (!frame.isConnected) return;
    const said = document.createElement("p");
    const link = document.createElement("a");
    link.href = `${base}/`;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "在新窗口中打开";
    said.append("这里无法打开问答：本站可能没有获准嵌入。", link);
    box.replaceChildren(said);
    tell("refused");
  };

  const open = () => {
    if (!frame) build();
    if (box.hidden) {
      box.hidden = false;
      button.setAttribute("aria-expanded", "true");
      tell("open");
    }
    frame.focus();
    post({ guide: "focus" });
  };
  const close = () => {
    if (box.hidden) return;
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
    tell("close");
  };
  const toggle = () => (box.hidden ? open() : close());
  const ask = (question) => {
    open();
    post({ guide: "ask", question: String(question).slice(0, 500) });
  };

  button.addEventListener("click", toggle);
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close();
  });
  window.addEventListener("message", (event) => {
    if (event.origin !== home || !frame || event.source !== frame.contentWindow) return;
    const said = event.data && event.data.guide;
    if (said === "ready" && !ready) {
      ready = true;
      waiting.splice(0).forEach(post);
      tell("ready");
    } else if (said === "close") close();
    else if (said === "answer") tell("answer", event.data.answer);
  });
  window.GuideWidget = Object.freeze({ open, close, toggle, ask });

  const attach = () => {
    document.body.append(holder);
    if (data.open !== undefined && data.open !== "false") open();
  };
  if (document.body) attach();
  else document.addEventListener("DOMContentLoaded", attach);
})();
