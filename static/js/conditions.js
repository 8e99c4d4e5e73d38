// A question that an earlier answer calls for is shown once that answer is given. Without scripts its words say when.
const AGREEMENT = { true: "yes", false: "no" };

function answers(form, name) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((input) => !input.closest(".field").hidden);
  if (inputs.length === 1 && inputs[0].type === "checkbox" && inputs[0].value === "on") return [AGREEMENT[inputs[0].checked]];
  return inputs.filter((input) => input.checked || !["radio", "checkbox"].includes(input.type)).map((input) => input.value);
}

// In the order of the page: a question that is not asked answers nothing to those after it.
function show(form) {
  for (const input of form.querySelectorAll("[data-only-if]")) {
    const { onlyIf, onlyIfAnswer } = input.dataset;
    input.closest(".field").hidden = !answers(form, onlyIf).includes(onlyIfAnswer);
  }
}

for (const form of document.querySelectorAll("form:has([data-only-if])")) {
  show(form);
  form.addEventListener("input", () => show(form));
}
