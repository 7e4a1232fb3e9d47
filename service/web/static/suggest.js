// Ways to go on while a query is typed: asks /suggest and fills the list under the search box. All works without it.
"use strict";
const box = document.querySelector("input[list=suggestions]");
const list = document.getElementById("suggestions");
let asked = "";
let waiting = 0;

async function suggest() {
  const typed = box.value;
  if (typed === asked || typed.trim() === "") return;
  asked = typed;
  const answer = await fetch("/suggest?q=" + encodeURIComponent(typed));
  if (!answer.ok || typed !== box.value) return;
  const found = await answer.json();
  list.replaceChildren(...found.suggestions.map((one) => {
    const option = document.createElement("option");
    option.value = one.query;
    option.label = one.query + " \u2013 " + one.said;
    return option;
  }));
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(suggest, 60);
});
