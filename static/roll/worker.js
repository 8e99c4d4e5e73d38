// The service worker of the roll call. It keeps the shell and the files, and nothing that comes from the data: what it
// keeps (KEPT) is written above this text by the server.
const NAME = `roll-${KEPT.version}`;
const PATIENCE = 3000; // milliseconds, then the kept shell is shown

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === KEPT.page) event.respondWith(page(request));
  else if (KEPT.files.includes(address.pathname)) event.respondWith(file(request));
});

async function install() {
  const kept = await caches.open(NAME);
  await kept.addAll(KEPT.files.map((file) => new Request(file, { cache: "reload" })));
  keep(await fetch(KEPT.page, { cache: "reload" }));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("roll-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The page as it is now, or the kept one where the network is away or slow. A page that leads to the door is never kept.
async function page(request) {
  const kept = await caches.match(KEPT.page, { cacheName: NAME });
  const asked = fetch(request).then((answer) => keep(answer));
  if (!kept) return asked;
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([asked.catch(() => kept), slow]);
}

async function keep(answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(NAME)).put(KEPT.page, answer.clone());
  return answer;
}

async function file(request) {
  return (await caches.match(request, { cacheName: NAME, ignoreSearch: true })) ?? fetch(request);
}
