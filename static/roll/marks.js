// What is noted about whom: the last word that waits on this phone, else what the server says.
const MINUTE = 60_000;
export const STATUSES = ["present", "late", "left_early", "excused", "absent"];
export const HAS_MINUTES = new Set(["late", "left_early"]);
// Who shows a ticket later than this after the beginning is late.
const GRACE = 10 * MINUTE;

const isAbout = (word, list, pupil, group) =>
  word.session === list.id && (pupil ? word.pupil === pupil.id : !word.pupil && word.class_group === group.id);

export function waiting(words, list, pupil, group) {
  const found = words.filter((word) => !word.why && isAbout(word, list, pupil, group));
  return found.sort((one, other) => one.at - other.at).at(-1);
}

export function noted(words, list, pupil) {
  const word = waiting(words, list, pupil);
  return word ? { status: word.status, missed: word.missed, waits: true } : { status: pupil.status, missed: pupil.missed };
}

export function counted(words, list, group) {
  const word = waiting(words, list, null, group);
  return word ? { total: word.total, girls: word.girls, boys: word.boys, waits: true } : group;
}

// How many minutes somebody misses who comes, or leaves, at this moment.
export function missedNow(status, list, now) {
  const length = Math.round((list.ends - list.starts) / MINUTE);
  const missed = { late: now - list.starts, left_early: list.ends - now }[status] ?? 0;
  return HAS_MINUTES.has(status) ? Math.min(length, Math.max(1, Math.round(missed / MINUTE))) : 0;
}

export function byTicket(list, now) {
  return now > list.starts + GRACE && now < list.ends ? "late" : "present";
}

// The letters and digits of a ticket, as they are read (at the end of an address) or typed: nobody writes 0 and 1 in it.
export function cleanCode(text) {
  return text.toUpperCase().replace(/^.*EO:/, "").replaceAll("0", "O").replaceAll("1", "I").replace(/[^A-Z2-7]/g, "");
}

export function ofCode(list, text) {
  const code = cleanCode(text);
  if (code.length < 8) return undefined;
  return list.pupils.find((pupil) => pupil.codes.some((known) => known.startsWith(code)));
}

// The ticket in an address that a camera opened.
export const ticketIn = (hash) => (/^#EO:/i.test(hash) ? hash : "");

// Of several lists that know a ticket, the one whose session is nearest.
export function listOf(lists, code, now) {
  const far = (list) => Math.abs(list.starts - now);
  return lists.filter((list) => ofCode(list, code)).sort((one, other) => far(one) - far(other))[0];
}
