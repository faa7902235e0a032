// The article: the cited words come into sight; Escape or the cross closes it on a phone and returns to the footnote.
const close = () => {
  if (!document.body.classList.contains("reading")) return;
  document.body.classList.remove("reading");
  const pressed = document.querySelector("#conversation .footnote[aria-pressed]");
  if (pressed) pressed.focus();
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.hide) close();
  if (button.dataset.citation) {
    trigger("click", { exchange: button.dataset.exchange, citation: button.dataset.citation });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    close();
    document.body.classList.remove("browsing");
  }
});

watch("value", () => {
  const mark = element.querySelector("mark.current");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (mark) mark.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  else element.scrollTop = 0;
});
