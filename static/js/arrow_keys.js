// The arrow keys go up and down a list of links, once one of them has the focus.
const links = [...document.querySelectorAll("[data-arrow-keys] a")];
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next = step && links[links.indexOf(document.activeElement) + step];
  if (!next || !links.includes(document.activeElement)) return;
  event.preventDefault();
  next.focus();
});
