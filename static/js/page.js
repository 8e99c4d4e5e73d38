// What a page gains where scripts run. Everything here also works without them, as links and forms.

// One menu open at a time; a click elsewhere or Escape closes it and gives the focus back.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Light or dark at once, without leaving a half-written form; the cookie tells the next page.
const DARK_MEDIA = { dark: "screen", light: "not all", "": "screen and (prefers-color-scheme: dark)" };
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-choice]")) return;
  const { value } = event.submitter;
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  document.getElementById("dark").media = DARK_MEDIA[value];
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-choice] button")) button.ariaPressed = String(button.value === value);
  event.target.closest("details").open = false;
  document.dispatchEvent(new CustomEvent("themechange", { detail: value }));
});

// A link to a page that is also here as a dialog opens the dialog.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (!dialog || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  dialog.showModal();
});

// Messages can be put away, and a form that came back with errors says so first.
function ready(root) {
  for (const button of root.querySelectorAll("[data-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.parentElement.remove());
  }
  root.querySelector("[data-form-errors]")?.focus();
}
ready(document);
document.addEventListener("htmx:load", (event) => ready(event.target));

// A link of the error summary puts the cursor into the field, for groups of choices into the first choice.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-form-errors] a");
  const field = link && document.querySelector(link.getAttribute("href"));
  const input = field?.matches("input, select, textarea") ? field : field?.querySelector("input, select, textarea");
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.closest(".field")?.scrollIntoView({ block: "center" });
});
