// A message that came while the page was shown goes when it is closed.
document.addEventListener("click", event => {
  event.target.closest("[data-dismiss]")?.closest(".flash").remove();
});
