// Shows Portable Text as its own renderer does: a JSON array of rich texts comes in, one of HTML
// goes out. Only what Portable Text leaves to the front end (block types of our own) is told here.
import { readFileSync } from "node:fs";
import { escapeHTML, toHTML } from "@portabletext/to-html";

const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

const words = (node) =>
  toHTML(
    { _type: "block", style: "normal", markDefs: node.markDefs, children: node.children },
    { components: { ...components, block: { normal: ({ children }) => children } } },
  );

const row = (tag, { cells }, align) =>
  `<tr>${cells
    .map((cell, n) => `<${tag}${align[n] ? ` align="${align[n]}"` : ""}>${words(cell)}</${tag}>`)
    .join("")}</tr>`;

const components = {
  marks: { footnote: ({ children }) => `<sup>${children}</sup>` },
  block: {
    footnote: ({ children, value }) => `<p><sup>[${value.number}]</sup> ${children}</p>`,
  },
  types: {
    code: ({ value }) => `<pre><code>${plain(value.code)}\n</code></pre>`,
    rule: () => "<hr>",
    image: ({ value }) => `<p><img src="${escapeHTML(value.src)}" alt="${escapeHTML(value.alt)}"></p>`,
    table: ({ value: { rows, align } }) => {
      const [head, ...body] = rows;
      const rest = body.map((one) => row("td", one, align)).join("");
      return `<table><thead>${row("th", head, align)}</thead>${rest && `<tbody>${rest}</tbody>`}</table>`;
    },
  },
};

const missing = [];
const texts = JSON.parse(readFileSync(0, "utf8"));
const html = texts.map((blocks) =>
  toHTML(blocks, { components, onMissingComponent: (message) => missing.push(message) }),
);
if (missing.length) throw new Error([...new Set(missing)].join("\n"));
process.stdout.write(JSON.stringify(html));
