// What stands on this phone: lists (with names, until their time is over) and words that wait to be sent (without names).
const NAME = "roll";
const STORES = { lists: "id", words: "nonce", facts: "name" };
let opened;

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, key] of Object.entries(STORES)) request.result.createObjectStore(store, { keyPath: key });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // Another tab of ours wants to delete everything: let it.
      request.result.onversionchange = close;
      resolve(request.result);
    };
  });
  return opened;
}

async function close() {
  const database = await opened;
  opened = undefined;
  database?.close();
}

async function exists() {
  return !indexedDB.databases || (await indexedDB.databases()).some(({ name }) => name === NAME);
}

// Everything as it stands; nothing is made where there is nothing.
export async function read() {
  const found = { lists: [], words: [], facts: [] };
  if (!(await exists())) return found;
  const change = (await open()).transaction(Object.keys(STORES));
  for (const store of Object.keys(STORES)) found[store] = await settled(change.objectStore(store).getAll());
  return found;
}

// Rows in and keys out of one store, all or nothing.
export async function write(store, rows, keys = []) {
  const change = (await open()).transaction(store, "readwrite", { durability: "strict" });
  const table = change.objectStore(store);
  for (const key of keys) table.delete(key);
  for (const row of rows) table.put(row);
  await new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onerror = change.onabort = () => reject(change.error);
  });
}

export async function wipe() {
  await close();
  await settled(indexedDB.deleteDatabase(NAME));
}
