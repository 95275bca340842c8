// A page that the Back button brings back as it was left shows an old number of
// books in the cart.
addEventListener("pageshow", event => {
  if (event.persisted && document.getElementById("cart-count")) {
    htmx.ajax("GET", "/cart/count", {target: "#cart-count", swap: "outerHTML"});
  }
});
