"use strict";

// Times are written in the visitor's own time zone, and deadlines say how long is
// left. What the page said first, in the shop's zone, shows when pointed at.
{
  const language = document.documentElement.lang;
  const locale = navigator.languages.find((l) => l.split("-")[0] === language) ?? language;
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
  const instants = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  const distances = new Intl.RelativeTimeFormat(locale);
  const minute = 60_000, hour = 60 * minute, day = 24 * hour;

  // In the nearest whole units, as shared/i18n does.
  const distance = (left) => {
    if (left < 2 * hour) return distances.format(Math.max(Math.round(left / minute), 1), "minute");
    if (left < 2 * day) return distances.format(Math.round(left / hour), "hour");
    return distances.format(Math.round(left / day), "day");
  };

  const written = (element) => {
    const at = new Date(element.dateTime), left = at - Date.now();
    switch (element.dataset.time) {
      case "day": return days.format(at);
      case "deadline": return left > 0 ? `${instants.format(at)} (${distance(left)})` : instants.format(at);
      default: return instants.format(at);
    }
  };

  const write = () => {
    for (const element of document.querySelectorAll("time[data-time]")) {
      const text = written(element);
      if (element.textContent === text) continue;
      element.title ||= element.textContent;
      element.textContent = text;
    }
  };

  write();
  document.addEventListener("htmx:after:swap", write);
  setInterval(write, minute / 2);
}
