// A wished half-day goes into the session last written in; without script the page loads anew with it.
let session = document.querySelector(".plan-session");
for (const candidate of document.querySelectorAll(".plan-session")) {
  candidate.addEventListener("focusin", () => { session = candidate; });
}
document.addEventListener("click", (event) => {
  const idea = event.target.closest("a[data-idea]");
  if (!idea || !session || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  for (const name of ["day", "start", "end"]) session.querySelector(`[name$=-${name}]`).value = idea.dataset[name];
  session.querySelector("[name$=-day]").focus();
});
