// Questions to go on with, above the box; away as soon as something is asked.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask]");
  if (button) document.dispatchEvent(new CustomEvent("footnote:ask", { detail: { question: button.dataset.ask } }));
});
const away = (hidden) => element.closest("#further").classList.toggle("away", hidden);
document.addEventListener("footnote:asking", () => away(true));
watch("value", () => away(false));
