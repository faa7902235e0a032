// The conversation: footnotes open their article, suggestions are asked, the newest exchange stays in sight.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.ask) trigger("submit", { question: button.dataset.ask });
  if (button.dataset.citation) {
    document.body.classList.add("reading");
    for (const other of document.querySelectorAll("#conversation .footnote[aria-pressed]")) {
      other.removeAttribute("aria-pressed");
    }
    button.setAttribute("aria-pressed", "true");
    trigger("click", { exchange: button.dataset.exchange, citation: button.dataset.citation });
  }
});

watch("value", () => {
  const newest = element.querySelector("section:last-of-type");
  if (newest) newest.scrollIntoView({ block: "start" });
});
