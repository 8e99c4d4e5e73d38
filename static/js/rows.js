// One more row in the page; without script the same button saves and comes back with an empty row.
for (const rows of document.querySelectorAll("[data-rows]")) {
  const form = rows.closest("form");
  const empty = form.querySelector("template[data-row]");
  const total = form.querySelector("input[name$=TOTAL_FORMS]");
  form.querySelector("[data-add-row]").addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(total.value);
    const row = document.createElement("div");
    row.innerHTML = empty.innerHTML.replaceAll("__prefix__", number);
    const legend = row.querySelector("legend");
    legend.textContent = `${legend.textContent.trim()} ${number + 1}`;
    const added = rows.appendChild(row.firstElementChild);
    total.value = number + 1;
    added.querySelector("input, select").focus();
  });
}
