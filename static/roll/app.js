// The roll call: what is noted on this phone, when it is sent, when it is forgotten.
import { HAS_MINUTES, byTicket, listOf, missedNow, noted, ofCode, ticketIn } from "./marks.js";
import { show } from "./page.js";
import { facts } from "./parts.js";
import { take } from "./scan.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
// Words that cannot be sent, or were refused, stay this long; they hold no name.
const WORDS_KEPT = 72 * HOUR;
const PAUSE = 1 * SECOND;

export const state = { lists: [], words: [], ahead: 0, owner: "", trouble: "", isSending: false, lastAt: 0 };
let timer;

// The time of the server, whatever this phone thinks that it is.
const now = () => Date.now() - state.ahead;
export const isOpen = (list) => now() >= list.opens;

async function start() {
  const kept = await store.read();
  state.lists = kept.lists;
  state.words = kept.words;
  for (const { name, value } of kept.facts) state[name] = value;
  await forget();
  show();
  await takeShown();
  await exchange();
  await takeShown({ isLast: true });
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register(facts.worker, { scope: facts.scope });
}

// --- Noting

function word(list, about, way) {
  state.lastAt = Math.max(Date.now(), state.lastAt + 1);
  const nonce = crypto.randomUUID();
  return { nonce, session: list.id, title: list.title, at: state.lastAt, base: list.base, way, ...about };
}

// New words take the place of those about the same that were not sent yet.
async function say(words) {
  const same = (one, other) => ["session", "pupil", "class_group"].every((name) => one[name] === other[name]);
  const old = state.words.filter((kept) => !kept.isOut && words.some((said) => same(kept, said)));
  state.words = [...state.words.filter((kept) => !old.includes(kept)), ...words];
  await store.write("words", words, old.map(({ nonce }) => nonce));
  show();
  soon();
}

export function note(list, pupil, status, missed) {
  const minutes = HAS_MINUTES.has(status) ? (missed ?? missedNow(status, list, now())) : 0;
  return say([word(list, { pupil: pupil.id, status, missed: minutes }, "tap")]);
}

export function noteOthers(list, status) {
  const others = list.pupils.filter((pupil) => !noted(state.words, list, pupil).status);
  return say(others.map((pupil) => word(list, { pupil: pupil.id, status, missed: 0 }, "rest")));
}

export function noteNumber(list, group, numbers) {
  return say([word(list, { class_group: group.id, ...numbers }, "tap")]);
}

// Whose ticket this is: "on_list", "twice" or "not_on_list", and who.
export async function noteTicket(list, code) {
  const pupil = ofCode(list, code);
  if (!pupil) return { found: "not_on_list" };
  const { status } = noted(state.words, list, pupil);
  if (status && status !== "absent" && status !== "excused") return { found: "twice", pupil };
  const seen = byTicket(list, now());
  await say([word(list, { pupil: pupil.id, status: seen, missed: missedNow(seen, list, now()) }, "ticket")]);
  return { found: "on_list", pupil };
}

// A ticket that the camera of the phone read, and opened its address. The list may only come with the next exchange.
async function takeShown({ isLast = false } = {}) {
  const code = ticketIn(location.hash);
  const list = code && listOf(state.lists.filter(isOpen), code, now());
  if (!code || !(list || isLast)) return;
  history.replaceState(null, "", list ? `#${list.id}` : facts.scope);
  show({ isNew: true });
  await take(list, code);
}

export async function tryAgain(refused) {
  delete refused.why;
  await store.write("words", [refused]);
  await exchange();
}

export async function drop(refused) {
  state.words = state.words.filter((kept) => kept !== refused);
  await store.write("words", [], [refused.nonce]);
  await forget();
  show();
}

// --- Sending

function soon(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(exchange, pause);
}

export async function exchange() {
  if (state.isSending) return soon();
  state.isSending = true;
  try {
    if (!sync.isReady()) await takeLists(await sync.fetchLists());
    await sendWords();
    state.trouble = "";
  } catch (problem) {
    await meet(problem);
  } finally {
    state.isSending = false;
    for (const kept of state.words) delete kept.isOut;
  }
  await forget();
  show();
}

async function sendWords() {
  const words = state.words.filter((kept) => !kept.why).slice(0, facts.most);
  if (!words.length) return;
  for (const kept of words) kept.isOut = true;
  const told = await sync.send(words.map(({ isOut, ...said }) => said));
  await takeAnswers(told.answers);
  // A list that the answer leaves out was called off, or is nobody's business any more.
  const named = new Set(told.lists.map(({ id }) => id));
  await keepLists(told.lists, [...new Set(words.map(({ session }) => session))].filter((id) => !named.has(id)));
  if (words.length === facts.most) soon();
}

async function takeAnswers(answers) {
  const said = new Map(state.words.map((kept) => [kept.nonce, kept]));
  const refused = answers.filter(({ outcome }) => outcome === "refused").map(({ nonce, why }) => ({ ...said.get(nonce), why }));
  const done = answers.map(({ nonce }) => nonce);
  for (const kept of refused) delete kept.isOut;
  state.words = [...state.words.filter(({ nonce }) => !done.includes(nonce)), ...refused.filter(({ nonce }) => nonce)];
  await store.write("words", refused.filter(({ nonce }) => nonce), done);
}

async function takeLists(told) {
  if (state.owner && state.owner !== told.owner) await wipe();
  state.owner = told.owner;
  state.ahead = Date.now() - told.now;
  const gone = state.lists.filter(({ id }) => !told.lists.some((list) => list.id === id));
  await keepLists(told.lists, gone.map(({ id }) => id));
  if (told.lists.length || state.words.length) {
    await store.write("facts", ["owner", "ahead"].map((name) => ({ name, value: state[name] })));
  }
}

async function keepLists(lists, gone) {
  const replaced = [...gone, ...lists.map(({ id }) => id)];
  if (!replaced.length) return;
  state.lists = [...state.lists.filter(({ id }) => !replaced.includes(id)), ...lists].sort((a, b) => a.starts - b.starts);
  await store.write("lists", lists, gone);
}

async function meet(problem) {
  if (problem instanceof sync.SignedOut) {
    await keepLists([], state.lists.map(({ id }) => id));
    state.trouble = "signed_out";
    sync.forgetToken();
  } else if (problem instanceof sync.Away) {
    state.trouble = problem.status ? "unreachable" : "offline";
    if (problem.status === 403) sync.forgetToken();
    if (problem.status) soon(5 * SECOND);
  } else throw problem;
}

// --- Forgetting

async function forget() {
  const over = state.lists.filter((list) => list.forget <= now()).map(({ id }) => id);
  const old = state.words.filter((kept) => kept.at < Date.now() - WORDS_KEPT).map(({ nonce }) => nonce);
  state.lists = state.lists.filter(({ id }) => !over.includes(id));
  state.words = state.words.filter(({ nonce }) => !old.includes(nonce));
  if (!state.lists.length && !state.words.length) return wipe();
  if (over.length) await store.write("lists", [], over);
  if (old.length) await store.write("words", [], old);
}

function wipe() {
  Object.assign(state, { lists: [], words: [], owner: "" });
  return store.wipe();
}

addEventListener("online", exchange);
addEventListener("offline", () => {
  state.trouble = "offline";
  show();
});
addEventListener("hashchange", async () => {
  show({ isNew: true });
  await takeShown({ isLast: true });
});
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState !== "visible") return;
  sync.forgetToken(); // asks for the lists again, and whether one is still signed in
  await exchange();
});
setInterval(async () => {
  await forget();
  if (state.words.some((kept) => !kept.why)) await exchange();
  else show();
}, 30 * SECOND);
start();
