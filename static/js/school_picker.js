// In the search for a school the arrow keys go from the field down the results and back.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const picker = step && event.target.closest("[data-school-picker]");
  if (!picker) return;
  const stops = [...picker.querySelectorAll("input[type=search], #schools a")];
  const next = stops[stops.indexOf(event.target) + step];
  if (!stops.includes(event.target) || !next) return;
  event.preventDefault();
  next.focus();
});
