// On a phone the filters lie over the list that they change. Their button closes
// them and leads to the list.
document.addEventListener("submit", event => {
  const filters = event.target.closest("details.filters");
  const summary = filters?.querySelector("summary");
  if (!summary?.checkVisibility()) return;
  filters.open = false;
  summary.focus();
  summary.scrollIntoView();
});
