"use strict";

// Images by paste, drop or press into any text of the editor. What an image shows is
// asked before it is inserted. Without this the panel sends the whole draft instead.
for (const home of document.querySelectorAll("[data-images]")) {
  const form = home.closest("form");
  const words = home.dataset;
  const panel = home.querySelector("[data-add-image]");
  const file = panel.querySelector("input[type=file]");
  const alt = panel.querySelector("textarea");
  const said = panel.querySelector("[data-said]");
  const add = panel.querySelector("[name=add_image]");
  const leave = panel.querySelector("[data-leave]");
  const texts = [...form.querySelectorAll("textarea[data-takes-images]")];
  const place = document.createComment("images");
  panel.before(place);
  let text = texts[texts.length - 1];

  const say = (sentence, isBad = false) => {
    said.textContent = sentence;
    said.classList.toggle("kb-bad", isBad);
  };

  const imageOf = (files) => [...files].find((one) => one.type.startsWith("image/"));

  // The panel stands below the text that the image is for.
  const ask = (target, image) => {
    text = target;
    text.closest(".field").after(panel);
    leave.hidden = false;
    say("");
    if (image) {
      const chosen = new DataTransfer();
      chosen.items.add(image);
      file.files = chosen.files;
    }
    (image ? alt : file).focus();
  };

  const goHome = () => {
    place.after(panel);
    leave.hidden = true;
    file.value = "";
    alt.value = "";
  };

  const insert = (markdown) => {
    const at = text.selectionEnd;
    const before = text.value.slice(0, at);
    const gap = !before || /\s$/.test(before) ? "" : " ";
    text.setRangeText(gap + markdown, at, at, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };

  const send = async () => {
    const body = new FormData();
    if (file.files[0]) body.append("image", file.files[0]);
    body.append("alt", alt.value);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const response = await fetch(words.address, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    return response.json();
  };

  add.type = "button";
  add.textContent = words.insert;
  add.addEventListener("click", async () => {
    if (add.getAttribute("aria-busy")) return;
    add.setAttribute("aria-busy", "true");
    say(words.busy);
    try {
      const { markdown, errors } = await send();
      if (markdown) {
        goHome();
        insert(markdown);
        say(words.done);
      } else {
        say(Object.values(errors).flat().join(" "), true);
        (errors.alt && !errors.image ? alt : file).focus();
      }
    } catch {
      say(words.lost, true);
    } finally {
      add.removeAttribute("aria-busy");
    }
  });

  leave.addEventListener("click", () => {
    goHome();
    say("");
    text.focus();
  });

  for (const target of texts) {
    target.addEventListener("focus", () => {
      if (leave.hidden) text = target;
    });
    target.addEventListener("paste", (event) => {
      const image = imageOf(event.clipboardData.files);
      // A table of a spreadsheet comes as words and as a picture of them.
      if (!image || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      ask(target, image);
    });
    target.addEventListener("dragover", (event) => {
      if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
    });
    target.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      const image = imageOf(event.dataTransfer.files);
      ask(target, image);
      if (!image) say(words.not, true);
    });
    const press = document.createElement("button");
    press.type = "button";
    press.className = "btn btn-quiet kb-image-press";
    press.textContent = words.press;
    const label = form.querySelector(`label[for="${target.id}"]`);
    press.setAttribute("aria-label", `${words.press}: ${label.firstChild.data.trim()}`);
    press.addEventListener("click", () => ask(target));
    target.after(press);
  }

  // A file that misses a text would take the page, and what was typed, away.
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => {
      const isFile = [...event.dataTransfer.types].includes("Files");
      if (isFile && !event.target.matches("input[type=file]")) event.preventDefault();
    });
  }

  for (const button of home.querySelectorAll("[data-insert-text]")) {
    button.hidden = false;
    button.addEventListener("click", () => insert(button.dataset.insertText));
  }
}
