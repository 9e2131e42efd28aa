// A filter over the rules and the tags. Without it the page is complete; the browser's own search finds the same words.
const place = document.getElementById("search");
const box = document.createElement("input");
const said = document.createElement("output");
const label = document.createElement("label");
box.type = "search";
box.id = "filter";
label.htmlFor = "filter";
label.textContent = "Only what has these words: ";
label.append(box, " ", said);
place.after(label);
const lines = [...document.querySelectorAll("tbody tr, .found")];
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\s+/);
  for (const line of lines) line.hidden = !words.every((word) => line.textContent.toLowerCase().includes(word));
  said.textContent = `${lines.filter((line) => !line.hidden).length} of ${lines.length} rules and tags`;
});
