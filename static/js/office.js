/* What the theme of the back office leaves unsaid to those who do not see it: where the main part is, and the name of every
   field of a table, list to choose from and part that scrolls. */
(() => {
  const say = (element, words) => words && element.setAttribute("aria-label", words.trim());

  const columnOf = (field) => {
    const cell = field.closest("td");
    const head = cell?.closest("table")?.querySelectorAll("thead th")[cell.cellIndex];
    return head?.textContent;
  };

  const labelOf = (field) => document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent ?? columnOf(field);

  const tell = () => {
    document.getElementById("main")?.setAttribute("role", "main");
    document.querySelectorAll("ul.object-tools").forEach((list) => list.setAttribute("role", "group"));
    document.querySelectorAll("td :is(input, select, textarea):not([type=hidden])").forEach((field) => {
      if (!field.labels?.length && !field.hasAttribute("aria-label")) say(field, columnOf(field));
    });
    // A moment is a day and a time of day: two fields under one name.
    document.querySelectorAll("p.datetime input").forEach((field) => {
      const name = field.closest(".field-line")?.querySelector("label")?.textContent ?? "";
      if (!field.labels?.length) say(field, `${name.trim()} ${field.previousSibling?.textContent ?? ""}`);
    });
    document.querySelectorAll(".select2-selection, .select2-selection__rendered, .select2-search__field").forEach((chosen) => {
      const field = chosen.closest(".select2")?.previousElementSibling;
      if (field) say(chosen, labelOf(field));
    });
    document.querySelectorAll(".help-tooltip[aria-label]").forEach((icon) => icon.setAttribute("role", "img"));
    document.querySelectorAll(".simplebar-content-wrapper").forEach((part, number) => {
      const head = part.closest("fieldset, nav, section")?.querySelector("h2, h3, legend")?.textContent ?? "";
      say(part, `${head.trim()} ${number + 1}`);
    });
  };

  // When the page is there, and whenever other scripts have drawn more of it.
  window.addEventListener("load", tell);
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(tell).observe(document.body, { childList: true, subtree: true });
  });
})();
