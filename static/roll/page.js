// What is seen: the lists, one list, what was not taken.
import { drop, exchange, isOpen, note, noteNumber, noteOthers, state, tryAgain } from "./app.js";
import { HAS_MINUTES, STATUSES, counted, noted, waiting } from "./marks.js";
import { button, facts, fill, make } from "./parts.js";
import { answer, scanner, stopScanning } from "./scan.js";

const { texts } = facts;
const root = document.getElementById("roll");
const line = document.getElementById("roll-state");
const STEP = 5;

// What has the focus is found again by its id after everything was drawn anew.
export function show({ isNew = false } = {}) {
  const focus = document.activeElement?.id;
  const list = state.lists.find(({ id }) => `#${id}` === location.hash);
  if (!list || isNew) stopScanning();
  showState();
  if (!isNew && root.dataset.list === String(list?.id ?? "") && isTyping()) return;
  root.dataset.list = list?.id ?? "";
  root.replaceChildren(...refused(), ...(list ? oneList(list) : allLists()));
  if (isNew) root.querySelector("h1")?.focus();
  else if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

const isTyping = () => root.contains(document.activeElement) && document.activeElement.matches("input");

function showState() {
  const open = state.words.filter((word) => !word.why).length;
  const parts = [];
  if (state.trouble) parts.push(texts[state.trouble]);
  if (open) parts.push(fill(texts.to_send, { n: open }));
  else if (!state.trouble && state.lists.length) parts.push(texts.all_sent);
  line.dataset.tone = state.trouble ? "warn" : open ? "info" : "ok";
  const door = make("a", { href: facts.scope, class: "button button-small" }, texts.sign_in);
  line.replaceChildren(make("span", {}, parts.join(" ")), ...(state.trouble === "signed_out" ? [door] : []));
}

// --- All lists

function allLists() {
  const title = make("h1", { tabindex: "-1" }, texts.title);
  if (!state.lists.length) return [title, answer(), make("p", {}, make("strong", {}, texts.none)), make("p", { class: "muted" }, texts.none_more)];
  return [title, answer(), make("ul", { class: "roll-lists" }, ...state.lists.map(oneOfAll))];
}

function oneOfAll(list) {
  const numbers = [
    list.pupils.length && fill(texts.pupils, { n: list.pupils.length }),
    list.classes.length && fill(texts.classes, { n: list.classes.length }),
  ];
  return make(
    "li",
    {},
    make(
      "a",
      { href: `#${list.id}`, class: "roll-list" },
      make("span", { class: "row-detail" }, list.when),
      make("span", { class: "row-title" }, list.title),
      make("span", { class: "row-detail" }, [list.where, ...numbers].filter(Boolean).join(" · ")),
    ),
  );
}

// --- One list

function oneList(list) {
  const parts = [
    make("p", {}, make("a", { href: "#", class: "roll-back" }, `← ${texts.back}`)),
    make("h1", { tabindex: "-1" }, list.title),
    make("p", { class: "muted" }, `${list.when} · ${list.where}`),
  ];
  if (!isOpen(list)) {
    const time = new Date(list.opens).toLocaleTimeString(facts.language, { hour: "numeric", minute: "2-digit" });
    return [...parts, make("p", { class: "callout tone-info" }, fill(texts.opens, { time }))];
  }
  if (list.pupils.length) parts.push(scanner(list), bar(list), make("ul", { class: "roll-rows" }, ...list.pupils.map((pupil) => row(list, pupil))));
  return [...parts, ...list.classes.map((group) => number(list, group))];
}

function bar(list) {
  const done = list.pupils.filter((pupil) => noted(state.words, list, pupil).status).length;
  const isOpenStill = done < list.pupils.length;
  return make(
    "div",
    { class: "roll-bar" },
    make("p", { role: "status" }, fill(texts.marked, { n: done, all: list.pupils.length })),
    isOpenStill ? button(texts.all_here, () => noteOthers(list, "present"), "button-primary", { id: "all-here" }) : "",
    isOpenStill && done ? button(texts.others_absent, () => noteOthers(list, "absent"), "", { id: "others-absent" }) : "",
  );
}

function row(list, pupil) {
  const now = noted(state.words, list, pupil);
  const name = `name-${pupil.id}`;
  const choices = STATUSES.map((status) =>
    button(facts.statuses[status], () => note(list, pupil, status), `roll-choice is-${status}`, {
      id: `${status}-${pupil.id}`,
      "aria-pressed": String(now.status === status),
    }),
  );
  const disputes = waiting(state.words, list, pupil) ? [] : pupil.disputes;
  return make(
    "li",
    { class: now.status ? "roll-row is-noted" : "roll-row" },
    make("p", { class: "roll-name", id: name }, pupil.name),
    make("div", { class: "roll-choices", role: "group", "aria-labelledby": name }, ...choices),
    HAS_MINUTES.has(now.status) ? minutes(list, pupil, now) : "",
    ...disputes.map((said) => make("p", { class: "roll-dispute" }, fill(texts.dispute, { said }))),
  );
}

function minutes(list, pupil, { status, missed }) {
  const most = Math.round((list.ends - list.starts) / 60_000);
  const by = (step) => () => note(list, pupil, status, Math.min(most, Math.max(0, missed + step)));
  return make(
    "div",
    { class: "roll-minutes" },
    button("−", by(-STEP), "", { "aria-label": `${pupil.name}: ${texts.less}`, id: `less-${pupil.id}` }),
    make("span", {}, fill(texts.minutes, { n: missed })),
    button("+", by(STEP), "", { "aria-label": `${pupil.name}: ${texts.more}`, id: `more-${pupil.id}` }),
  );
}

// --- Classes are counted, not called

function number(list, group) {
  const title = make("h2", {}, group.name);
  if (group.split) return make("section", { class: "card" }, title, make("p", {}, texts.split));
  const now = counted(state.words, list, group);
  const field = (name) => {
    const id = `${name}-${list.id}-${group.id}`;
    const input = make("input", { id, name, type: "number", inputmode: "numeric", min: 0, max: 5000, value: now[name] ?? "" });
    return make("div", { class: "field" }, make("label", { for: id }, texts[name]), input);
  };
  const problem = make("p", { class: "roll-dispute", role: "alert" });
  const send = (event) => {
    event.preventDefault();
    const said = Object.fromEntries(["total", "girls", "boys"].map((name) => [name, Number(event.target.elements[name].value || 0)]));
    const isWrong = said.girls + said.boys > said.total;
    problem.textContent = isWrong ? texts.too_many : "";
    if (isWrong) return;
    document.activeElement?.blur();
    noteNumber(list, group, said);
  };
  return make(
    "form",
    { class: "card roll-number", onsubmit: send, novalidate: true },
    title,
    group.expected ? make("p", { class: "muted" }, fill(texts.expected, { n: group.expected })) : "",
    make("div", { class: "roll-fields" }, ...["total", "girls", "boys"].map(field)),
    problem,
    make("button", { class: "button button-primary", id: `note-${group.id}` }, now.total === null || now.total === undefined ? texts.note : texts.noted),
  );
}

// --- What was not taken

function refused() {
  const words = state.words.filter((word) => word.why);
  if (!words.length) return [];
  return [
    make("section", { class: "card roll-refused" }, make("h2", {}, texts.refused), make("ul", { class: "rows" }, ...words.map(oneRefused))),
  ];
}

function oneRefused(word) {
  const pupil = state.lists.find(({ id }) => id === word.session)?.pupils.find(({ id }) => id === word.pupil);
  const said = word.pupil ? facts.statuses[word.status] : `${texts.total}: ${word.total}`;
  return make(
    "li",
    {},
    make("div", {}, make("p", { class: "row-title" }, [word.title, pupil?.name, said].filter(Boolean).join(" · ")), make("p", { class: "row-detail" }, word.why)),
    make("div", { class: "cluster" }, button(texts.again, () => tryAgain(word), "button-small"), button(texts.remove, () => drop(word), "button-small button-quiet")),
  );
}

line.addEventListener("click", (event) => event.target.matches("a") || exchange());
