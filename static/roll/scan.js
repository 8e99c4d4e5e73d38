// Tickets: by the camera where the browser reads codes, by the phone's own camera and by typing everywhere.
import { noteTicket } from "./app.js";
import { button, facts, fill, make } from "./parts.js";

const EVERY = 200; // milliseconds between two looks
const SAME = 3000; // the same code within this time is the same showing
const { texts } = facts;
let stream, timer, said = "";
let last = { code: "", at: 0 };

export function stopScanning() {
  clearInterval(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  said = "";
}

export function scanner(list) {
  const reads = "BarcodeDetector" in window;
  const field = make("input", { id: "ticket-code", autocapitalize: "characters", autocomplete: "off", spellcheck: "false", maxlength: 24 });
  const typed = async (event) => {
    event.preventDefault();
    const code = field.value;
    field.value = "";
    field.blur();
    await take(list, code);
  };
  return make(
    "section",
    { class: "roll-scan" },
    make(
      "form",
      { class: "roll-code", onsubmit: typed },
      make("label", { for: "ticket-code" }, texts.code),
      field,
      make("button", { class: "button" }, texts.check),
      reads ? button(stream ? texts.stop : texts.scan, () => (stream ? stop(list) : start(list)), "", { id: "scan" }) : "",
    ),
    reads ? "" : make("p", { class: "muted" }, texts.camera),
    stream ? film() : "",
    answer(),
  );
}

export const answer = () => make("p", { role: "status", id: "ticket-answer" }, said);

function film() {
  const video = make("video", { class: "roll-film", playsinline: true, muted: true });
  video.srcObject = stream;
  video.play();
  return video;
}

export async function take(list, code) {
  const { found, pupil } = list ? await noteTicket(list, code) : { found: "on_no_list" };
  say(fill(texts[found], { name: pupil?.name }));
}

function say(text) {
  said = text;
  const shown = document.getElementById("ticket-answer");
  if (shown) shown.textContent = text;
}

function redraw(list) {
  document.querySelector(".roll-scan")?.replaceWith(scanner(list));
}

function stop(list) {
  stopScanning();
  redraw(list);
}

async function start(list) {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return say(texts.no_camera);
  }
  redraw(list);
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  timer = setInterval(() => look(list, detector), EVERY);
}

async function look(list, detector) {
  const video = document.querySelector(".roll-film");
  if (!video || video.readyState < 2) return;
  const [code] = await detector.detect(video).catch(() => []);
  if (!code || (code.rawValue === last.code && Date.now() - last.at < SAME)) return;
  last = { code: code.rawValue, at: Date.now() };
  navigator.vibrate?.(60);
  await take(list, code.rawValue);
}
