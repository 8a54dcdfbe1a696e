/** One style sheet for the reference and the pages of problems: follows the system's light or dark. */
export const STYLE = `
:root { color-scheme: light dark; --line: #d6dbe1; --soft: #f4f6f8; --text: #1c2530; --dim: #566270; --accent: #0b5fa5; }
@media (prefers-color-scheme: dark) {
  :root { --line: #323c47; --soft: #1b222a; --text: #e4e9ee; --dim: #a3afbb; --accent: #7db8ee; }
  body { background: #12171c; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--accent); }
code, pre, .path { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; font-size: .92em; }
code { background: var(--soft); border-radius: 3px; padding: .05em .3em; overflow-wrap: anywhere; }
.frame { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 3rem 1.5rem; border-right: 1px solid var(--line); font-size: .88rem; }
nav h2 { font-size: .8rem; margin: 1.3rem 0 .3rem; color: var(--dim); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .12rem 0; text-decoration: none; overflow: hidden; text-overflow: ellipsis; }
main { padding: 2rem 2.5rem 5rem; max-width: 60rem; }
.alone { margin: 0 auto; }
h1 { font-size: 1.9rem; margin: 0 0 .5rem; }
h2 { margin: 3rem 0 .3rem; font-size: 1.4rem; }
h3 { margin: 0; font-size: 1.05rem; }
h4 { margin: 1.2rem 0 .3rem; font-size: .85rem; color: var(--dim); }
.lead, .dim { color: var(--dim); }
article { border: 1px solid var(--line); border-radius: 8px; padding: 1.1rem 1.3rem; margin: 1.2rem 0; }
.line { display: flex; flex-wrap: wrap; gap: .7rem; align-items: baseline; margin: .35rem 0; }
.method { font: 700 .78rem ui-monospace, monospace; padding: .15rem .5rem; border-radius: 4px; color: #fff; background: #5b6773; }
.get { background: #1c6b45; } .post { background: #0b5fa5; } .delete { background: #a32a2a; } .put, .patch { background: #8a5a00; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; white-space: nowrap; }
.fields { list-style: none; margin: .2rem 0; padding: 0 0 0 .9rem; border-left: 2px solid var(--line); font-size: .92rem; }
.fields li { margin: .25rem 0; }
summary { cursor: pointer; }
.must { color: #b3261e; font-size: .8em; }
@media (prefers-color-scheme: dark) { .must { color: #ff8a80; } }
@media (max-width: 50rem) {
  .frame { display: block; }
  nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1.2rem; }
}
@media print { nav { display: none; } .frame { display: block; } article { break-inside: avoid; } }
`;
