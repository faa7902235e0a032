// The conversation: asking, pressing footnotes, copying, thumbs; the newest exchange stays in sight.
const OVERDUE_MS = 8000; // without a sign of the server, from which it is asked how it is
let pressed = null; // the footnote whose article is open: {exchange, citation}
let shown = ""; // what the page has scrolled to
let sent = 0; // the timer of a question that the server has not taken up yet

const $ = (selector) => element.querySelector(selector);
const footnote = ({ exchange, citation }) =>
  $(`[data-exchange="${exchange}"][data-citation="${citation}"]`);

// The server may have been started anew since, and then knows the conversation by its name alone.
const conversation = () => $(".told")?.dataset.conversation;

// What is asked goes out as POST /v1/ask takes it. Whether it does: one question at a time is answered.
const ask = ({ question, searched_for, model = document.querySelector("[data-model]")?.value }) => {
  if (sent || $('[data-state="waiting"]')) return false;
  const ticked = (document.body.dataset.articles || "").split(" ").filter(Boolean);
  const filters = ticked.length ? { article_ids: ticked } : undefined;
  document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
  document.dispatchEvent(new Event("footnote:asking"));
  sent = setTimeout(() => overdue(question), OVERDUE_MS);
  trigger("submit", { asked: { question, searched_for, model, filters }, conversation: conversation() });
  return true;
};

// Nothing has come of a question yet. While others' wait this one may wait behind them, and is not asked twice; else it
// is given back.
const overdue = async (question) => {
  const answer = await fetch("/gradio_api/queue/status").catch(() => null);
  const waits = answer?.ok && (await answer.json()).queue_size > 0;
  if (!sent) return; // something has come meanwhile
  const told = !answer
    ? "The server does not answer: is it still running?"
    : answer.status === 401
      ? "You have been signed out: load the page again."
      : waits
        ? "Others have asked before you: your question waits for its turn."
        : "The server did not take the question: ask again.";
  sent = waits && setTimeout(() => overdue(question), OVERDUE_MS);
  if (!waits) document.dispatchEvent(new CustomEvent("footnote:unanswered", { detail: question }));
  document.dispatchEvent(new CustomEvent("footnote:overdue", { detail: told }));
};

const press = (button) => {
  pressed = { exchange: button.dataset.exchange, citation: button.dataset.citation };
  document.body.classList.add("reading");
  mark();
  keepInSight();
  trigger("click", { ...pressed, conversation: conversation() });
};

const mark = () => {
  element.querySelectorAll("[aria-current]").forEach((button) => button.removeAttribute("aria-current"));
  if (pressed) footnote(pressed)?.setAttribute("aria-current", "true");
};

// Beside an open article the column is narrower, and everything in it has moved.
const keepInSight = () => requestAnimationFrame(() => pressed && footnote(pressed)?.scrollIntoView({ block: "nearest" }));

const copy = async (button, text, told) => {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyPlainly(text);
  const before = button.innerHTML;
  button.textContent = told;
  setTimeout(() => (button.innerHTML = before), 1600);
};

// Over plain HTTP from another machine there is no clipboard but this one.
const copyPlainly = (text) => {
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
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
  if (data.choose) document.querySelector("[data-files]").click();
});

// What is pressed while a sentence comes in is drawn anew before it is let go, and the browser then tells of no click.
let held = null;
element.addEventListener("pointerdown", (event) => (held = event.target.closest("button")));
element.addEventListener("pointerup", (event) => {
  const button = event.target.closest("button");
  if (held && !held.isConnected && button?.isEqualNode(held)) button.click();
  held = null;
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
document.addEventListener("footnote:ask", (event) => ask(event.detail) || event.preventDefault());
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
  document.title = sections.length ? `${$(".question").textContent} · Footnote` : "Footnote";
  const asked = document.getElementById(told?.dataset.show);
  if (sections.length) (asked || sections[sections.length - 1]).scrollIntoView({ block: "start" });
  if (before && location.search !== (kept && `?conversation=${kept}`)) {
    history.replaceState(null, "", kept ? `/?conversation=${kept}` : "/");
  }
};

const tell = () => {
  const last = $("section:last-of-type");
  document.dispatchEvent(new CustomEvent("footnote:waiting", { detail: last?.dataset.state === "waiting" }));
  if (last?.dataset.unanswered) {
    document.dispatchEvent(new CustomEvent("footnote:unanswered", { detail: last.dataset.unanswered }));
  }
  if (last && last.dataset.state !== "whole") return;
  document.dispatchEvent(new CustomEvent("footnote:conversation", { detail: $(".told")?.dataset.conversation || "" }));
};

watch("value", () => {
  clearTimeout(sent);
  sent = 0;
  hide();
  mark();
  follow();
  tell();
});
