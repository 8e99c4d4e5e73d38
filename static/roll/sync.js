// To the server and back. A word keeps its mark (nonce) until it is answered, so that a retry is no second word.
import { facts } from "./parts.js";

export class SignedOut extends Error {}
export class Away extends Error {}
let token = "";

async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { ...options, redirect: "manual", credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Away();
  }
  // Whoever is signed out is led to the door; whose role has ended finds nothing.
  if (answer.type === "opaqueredirect" || answer.status === 404) throw new SignedOut();
  if (!answer.ok) throw Object.assign(new Away(), { status: answer.status });
  const told = await answer.json();
  token = told.csrf;
  return told;
}

export const fetchLists = () => ask(facts.lists);

// Only after the lists were asked for: their answer says whose they are, and gives the token.
export const isReady = () => Boolean(token);

export function send(words) {
  const said = words.map(({ title, why, ...word }) => word);
  const body = JSON.stringify({ sent_at: Date.now(), words: said });
  return ask(facts.words, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
}

export function forgetToken() {
  token = "";
}
