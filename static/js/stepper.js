// Big minus and plus beside numbers, for a thumb. Without scripts they are plain number fields.
for (const input of document.querySelectorAll("input[data-stepper]")) {
  const frame = document.createElement("div");
  frame.className = "stepper";
  input.replaceWith(frame);
  const label = document.querySelector(`label[for="${input.id}"]`)?.firstChild.textContent.trim() ?? "";
  const button = (sign, step) => {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "button";
    element.textContent = sign;
    element.setAttribute("aria-label", `${label} ${sign}1`);
    element.addEventListener("click", () => {
      input.value = Math.max(0, Number(input.value || 0) + step);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return element;
  };
  frame.append(button("−", -1), input, button("+", 1));
}
