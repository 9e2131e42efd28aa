// Searches the words of every scenario, and filters the rules and tags below. Without it the page is complete.
const place = document.getElementById("search");
const box = document.createElement("input");
const said = document.createElement("output");
const label = document.createElement("label");
const found = document.createElement("ol");
box.type = "search";
box.id = "filter";
label.htmlFor = "filter";
label.textContent = "Only what has these words: ";
label.append(box, " ", said);
found.className = "hits";
place.after(label, found);
const lines = [...document.querySelectorAll("tbody tr, .found")];
const most = 50;
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const line of lines) line.hidden = !words.every((word) => line.textContent.toLowerCase().includes(word));
  const hits = words.length ? scenarios.filter((one) => words.every((word) => one[3].includes(word))) : [];
  found.replaceChildren(...hits.slice(0, most).map(([name, feature, where]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = where;
    link.textContent = name;
    item.append(link, ` (${feature})`);
    return item;
  }));
  const left = lines.filter((line) => !line.hidden).length;
  said.textContent = words.length ? `${hits.length} scenarios; ${left} of ${lines.length} rules and tags` : "";
});
