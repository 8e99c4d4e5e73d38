// On the page that signs out: whether the roll call still has something to send, which would be lost.
import { read } from "./store.js";

const { words } = await read();
document.querySelector("[data-waits-on-this-phone]").hidden = !words.length;
