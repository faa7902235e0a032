// The conversation: asking, footnotes with their cards, copying, thumbs; the newest exchange stays in sight.
let pressed = null; // the footnote whose article is open: {exchange, citation}
let shown = ""; // what the page has scrolled to

const $ = (selector) => element.querySelector(selector);
const model = () => document.querySelector("[data-model]")?.value;
const footnote = ({ exchange, citation }) =>
  $(`[data-exchange="${exchange}"][data-citation="${citation}"]`);

const ask = (asked) => {
  const articles = (document.body.dataset.articles || "").split(" ").filter(Boolean);
  document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
  document.dispatchEvent(new Event("footnote:asking"));
  trigger("submit", { model: model(), ...asked, articles });
};

const press = (button) => {
  pressed = { exchange: button.dataset.exchange, citation: button.dataset.citation };
  document.body.classList.add("reading");
  mark();
  keepInSight();
  trigger("click", pressed);
};

const mark = () => {
  element.querySelectorAll("[aria-current]").forEach((button) => button.removeAttribute("aria-current"));
  if (pressed) footnote(pressed)?.setAttribute("aria-current", "true");
};

// Beside an open article the column is narrower, and everything in it has moved.
const keepInSight = () => requestAnimationFrame(() => pressed && footnote(pressed)?.scrollIntoView({ block: "nearest" }));

const copy = async (button, text, told) => {
  await navigator.clipboard.writeText(text);
  const before = button.innerHTML;
  button.textContent = told;
  setTimeout(() => (button.innerHTML = before), 1600);
};

// Thumbs: kept at once; the reason can follow.
const rate = async (answer, thumb, reason) =>
  fetch(`/v1/answers/${answer}/feedback`, {
    method: thumb ? "PUT" : "DELETE",
    headers: { "Content-Type": "application/json" },
    body: thumb ? JSON.stringify({ thumb, reason: reason || null }) : undefined,
  });

const thumb = async (button) => {
  const on = button.getAttribute("aria-pressed") !== "true";
  const group = button.closest(".actions");
  const answered = await rate(button.dataset.answer, on ? button.dataset.thumb : null);
  if (!answered.ok) return;
  group.querySelectorAll("[data-thumb]").forEach((each) => each.setAttribute("aria-pressed", on && each === button));
  const form = group.querySelector(".reason");
  form.hidden = !on;
  if (on) form.querySelector("input").focus();
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const data = button.dataset;
  if (data.ask) ask({ question: data.ask });
  if (data.again) ask({ question: data.question, searched_for: data.searched, model: data.again });
  if (data.citation) press(button);
  if (data.copy) copy(button, data.copy, "Copied");
  if (data.link) copy(button, `${location.origin}/?answer=${data.link}`, "✓");
  if (data.thumb) thumb(button);
  if (data.stop) trigger("stop");
  if (data.choose) document.querySelector("[data-files]").click();
});

element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.question) {
    form.closest("details").open = false;
    ask({ question: form.dataset.question, searched_for: form.querySelector("textarea").value });
  }
  if (form.dataset.answer) {
    const chosen = form.closest(".actions").querySelector('[data-thumb][aria-pressed="true"]');
    const kept = await rate(form.dataset.answer, chosen.dataset.thumb, form.querySelector("input").value);
    if (kept.ok) form.hidden = true;
  }
});

// A card is in the top layer, so that nothing cuts it off: below its number where there is room, else above.
let open = null;
let closing = 0;

const place = (card, number) => {
  const at = number.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left - 40), innerWidth - card.offsetWidth - 8);
  const below = at.bottom + 6 + card.offsetHeight < innerHeight;
  card.style.left = `${left}px`;
  card.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - card.offsetHeight)}px`;
};

const hide = () => {
  if (open?.isConnected && open.matches(":popover-open")) open.hidePopover();
  open = null;
};

const show = (number) => {
  clearTimeout(closing);
  const card = number.nextElementSibling;
  if (!card?.matches(".card") || card === open) return;
  hide();
  card.showPopover();
  place(card, number);
  open = card;
};

const noteOf = (target) => target.closest?.(".note");
element.addEventListener("pointerover", (event) => {
  const note = noteOf(event.target);
  if (note && event.pointerType !== "touch") show(note.querySelector(".footnote"));
});
element.addEventListener("pointerout", (event) => {
  // A moment, so that the pointer can go over to the card.
  if (noteOf(event.target) && !noteOf(event.relatedTarget || element)) closing = setTimeout(hide, 160);
});
element.addEventListener("focusin", (event) => event.target.matches(".footnote:focus-visible") && show(event.target));
element.addEventListener("focusout", (event) => event.target.matches(".footnote") && hide());
element.parentElement.addEventListener("scroll", hide, { passive: true, capture: true });

// Escape puts away what lies on top: a card, a menu; the article's own script closes the article.
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details[open]");
  if (!open && !menu) return;
  event.stopPropagation();
  hide();
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  element.querySelectorAll("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
});

document.addEventListener("footnote:stop", () => trigger("stop"));
document.addEventListener("footnote:ask", (event) => ask(event.detail));
document.addEventListener("footnote:read", (event) => {
  pressed = event.detail;
  mark();
  keepInSight();
});
document.addEventListener("footnote:closed", () => {
  if (pressed) footnote(pressed)?.focus();
  pressed = null;
  mark();
});

const follow = () => {
  const told = $(".told");
  const sections = element.querySelectorAll("section");
  const kept = told?.dataset.conversation || "";
  const wanted = `${kept} ${told?.dataset.show || sections.length}`;
  if (wanted === shown) return;
  const before = shown;
  shown = wanted;
  const asked = document.getElementById(told?.dataset.show);
  if (sections.length) (asked || sections[sections.length - 1]).scrollIntoView({ block: "start" });
  if (before && location.search !== (kept && `?conversation=${kept}`)) {
    history.replaceState(null, "", kept ? `/?conversation=${kept}` : "/");
  }
};

const tell = () => {
  const last = $("section:last-of-type");
  if (last?.dataset.unanswered) {
    document.dispatchEvent(new CustomEvent("footnote:unanswered", { detail: last.dataset.unanswered }));
  }
  if (last && last.dataset.state !== "whole") return;
  document.dispatchEvent(new CustomEvent("footnote:conversation", { detail: $(".told")?.dataset.conversation || "" }));
};

watch("value", () => {
  hide();
  mark();
  follow();
  tell();
});
