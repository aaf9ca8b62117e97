"use strict";
// A key that a field names goes to it; g and the letter of a page go there. Never while
// somebody is typing. The profile has the switch: without it this file is not fetched.
const MOST_BETWEEN = 1500;
let beganAt = -Infinity;

const isTyping = (target) =>
  target.isContentEditable || target.matches("input, select, textarea");

const follow = (event) => {
  const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  if (event.timeStamp - beganAt < MOST_BETWEEN) {
    beganAt = -Infinity;
    follow(event);
    return;
  }
  if (event.key === "g") {
    beganAt = event.timeStamp;
    return;
  }
  const field = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
