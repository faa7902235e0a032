// The card of a footnote: shown when one points at its number or tabs to it.
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
