// A press that did not reach the shop is answered: what was typed is still there,
// and it can be made again.
{
  const say = again => {
    const place = document.getElementById("flash");
    place.replaceChildren(document.getElementById("offline").content.cloneNode(true));
    const button = place.querySelector("[data-retry]");
    button.addEventListener("click", () => {
      place.replaceChildren();
      again();
    });
    return button;
  };

  const sendAgain = (form, button) => form.requestSubmit(button?.isConnected ? button : undefined);

  // repeats are the events of people after which htmx asks the shop, and how they
  // are made again. What asks by itself, time and again, stays quiet.
  const repeats = {
    click: element => element.click(),
    submit: (form, event) => sendAgain(form, event.submitter),
    change: (element, event) => event.target.dispatchEvent(new Event("change", {bubbles: true})),
    input: (element, event) => event.target.dispatchEvent(new Event("input", {bubbles: true})),
  };

  document.addEventListener("htmx:error", ({detail: {ctx}}) => {
    const event = ctx?.sourceEvent, repeat = repeats[event?.type];
    if (!repeat || ctx.response) return;
    const element = ctx.sourceElement, origin = event.target;
    const button = say(() => repeat(element, {target: origin, submitter: event.submitter}));
    if (event.type === "click" || event.type === "submit") button.focus();
  });

  // A browser would replace a form that it can't send by a page of its own.
  document.addEventListener("submit", event => {
    const form = event.target;
    if (navigator.onLine || event.defaultPrevented || form.method !== "post") return;
    event.preventDefault();
    const button = event.submitter;
    say(() => sendAgain(form, button)).focus();
  });
}
