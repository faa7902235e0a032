// The box to ask in: Enter asks, Shift+Enter begins a line; what the question goes to stands below it.
const $ = (selector) => element.querySelector(selector);
const box = $("textarea");

const fit = () => {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
};

const ask = () => {
  const question = box.value.trim();
  if (!question) return;
  const asked = new CustomEvent("footnote:ask", { detail: { question }, cancelable: true });
  if (!document.dispatchEvent(asked)) return; // an earlier question is not answered yet
  box.value = "";
  fit();
};

const scope = () => {
  const ticked = (document.body.dataset.articles || "").split(" ").filter(Boolean).length;
  const told = $("[data-scope]");
  told.replaceChildren();
  if (!ticked) return;
  const all = document.createElement("button");
  all.type = "button";
  all.className = "text-button";
  all.textContent = "ask all";
  all.addEventListener("click", () => document.dispatchEvent(new Event("footnote:ask-all")));
  told.append(`Asking ${ticked} ${ticked === 1 ? "article" : "articles"} only · `, all);
};

// What is being written outlives a reload: the page loads itself anew when its server comes back.
const DRAFT = "footnote:draft";
box.value = sessionStorage.getItem(DRAFT) || "";
addEventListener("pagehide", () => sessionStorage.setItem(DRAFT, box.value));

element.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
box.addEventListener("input", fit);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  ask();
});
// Here and not beside the answer, which is drawn anew with each sentence: a press on what is replaced is lost.
const stop = $("[data-stop]");
stop.addEventListener("click", () => document.dispatchEvent(new Event("footnote:stop")));
document.addEventListener("footnote:waiting", ({ detail: waiting }) => {
  if (stop.hidden !== waiting) return; // told with every sentence
  if (document.activeElement?.classList.contains("send")) box.focus();
  stop.hidden = !waiting;
  $('[type="submit"]').hidden = waiting;
  scope();
});
document.addEventListener("footnote:ticked", scope);
document.addEventListener("footnote:overdue", (event) => $("[data-scope]").replaceChildren(event.detail));
document.addEventListener("footnote:asking", scope);
// A question that could not be answered comes back, unless the next one is being written.
document.addEventListener("footnote:unanswered", (event) => {
  if (!box.value) box.value = event.detail;
  fit();
});
fit();
