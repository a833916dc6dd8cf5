// The page's own view in the reading panel: a chapter with its topics and key figures.
(() => {
  "use strict";
  window.GuideChapter = (panel, t, onAsk) => {
    const { make, button, exact, show, pages, words } = panel;
    const figure = (f) =>
      make("li", {}, make("button", { type: "button", class: "figure", onclick: () => show(panel.passage(f.passage_id, panel.between(f.start, f.end))) },
        make("b", {}, f.figure), make("span", {}, exact(f.sentence)), make("i", {}, `${words.note} ${f.notes.join(t.between)}`)));
    const topic = (part) => make("section", { class: "topic" },
      make("h3", {}, `${part.number}. ${part.label}`),
      make("h4", {}, t.know), make("p", {}, part.know),
      make("h4", {}, t.act), make("p", {}, part.act),
      part.actions.length ? make("ul", { class: "actions" }, ...part.actions.map((action) => make("li", {}, action))) : null,
      part.figures.length ? make("h4", {}, t.figures) : null,
      part.figures.length ? make("ul", { class: "figures" }, ...part.figures.map(figure)) : null);
    return (number) => panel.view(async () => {
      const c = await panel.load(`/api/chapters/${number}`);
      const question = t.topics.replace("{number}", c.number);
      return {
        kicker: [c.label, pages(c.pages)].filter(Boolean).join(" · "),
        title: c.title,
        parts: [
          c.subtitle && make("p", { class: "place" }, c.subtitle),
          ...c.topics.map(topic),
          button("ask", t.ask, () => { panel.close(); onAsk(question); }),
        ],
      };
    });
  };
})();
