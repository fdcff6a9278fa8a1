// Sorting and searching the price list. Without JavaScript the table is whole and in the catalogue's order.
const table = document.getElementById("prices");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];

const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();

// What has no number comes last, whichever way the others go.
function compare(kind, direction) {
  return (left, right) => {
    if (kind === "text") return direction * left.localeCompare(right);
    if (left === "" || right === "") return (left === "") - (right === "");
    return direction * (Number(left) - Number(right));
  };
}

function sort(column) {
  const head = heads[column];
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const each of heads) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
  const ordered = compare(head.dataset.sort, direction);
  body.append(...[...body.rows].sort((a, b) => ordered(value(a, column), value(b, column))));
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  button.addEventListener("click", () => sort(column));
  head.replaceChildren(button);
});

const search = document.getElementById("search");
const shown = document.getElementById("shown");

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of body.rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    count += row.hidden ? 0 : 1;
  }
  shown.textContent = `${count} of ${body.rows.length} prices`;
}

search.closest("label").hidden = false;
search.addEventListener("input", filter);
filter();
