"use strict";
// What may help is looked up while somebody types. Nobody who has gone on into the list
// loses their place in it: it changes only while they are elsewhere.
for (const place of document.querySelectorAll("[data-keeps-place]")) {
  place.addEventListener("htmx:beforeSwap", (event) => {
    if (place.contains(document.activeElement)) {
      event.detail.shouldSwap = false;
    }
  });
}
