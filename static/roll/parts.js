// What all scripts of the page use: what the server says of itself, and how an element is made. Text goes in as text.
export const facts = JSON.parse(document.getElementById("roll-facts").textContent);

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...inside.filter((part) => part !== undefined && part !== ""));
  return element;
}

export const button = (text, onclick, css = "", more = {}) =>
  make("button", { type: "button", class: `button ${css}`, onclick, ...more }, text);
