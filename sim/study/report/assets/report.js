'use strict';
// Tables and controls of the report: which combination of factors and which policies are shown, and
// sorting by a column. Charts listen through view.changed.
const view = (() => {
  const data = page.data;
  const listeners = [];
  const many = data.policies.length > 8;
  // With many policies the ablations start hidden; the ablation chart shows them all.
  const shown = data.policies.map((p, i) => !many || i === data.baseline || !p.ablated);
  let cell = 0;

  function changed(listener) { listeners.push(listener); }
  function tell() { listeners.forEach(listener => listener()); }
  const policies = () => data.policies.map((_, i) => i).filter(i => shown[i]);

  function element(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) e.setAttribute(key, value);
    e.append(...children);
    return e;
  }

  function showCell() {
    for (const section of document.querySelectorAll('section.cell')) {
      section.hidden = Number(section.dataset.cell) !== cell;
    }
  }

  function buildControls() {
    const box = document.getElementById('controls');
    if (data.cells.length > 1) {
      const select = element('select', {name: 'cell'});
      data.cells.forEach((c, i) => {
        select.append(element('option', {value: i}, c.name + (i < data.tables ? '' : ' (no tables)')));
      });
      select.addEventListener('change', () => { cell = Number(select.value); showCell(); tell(); });
      box.append(element('label', {}, 'Show results at ', select));
    }
    const choices = element('div', {class: 'choices'});
    data.policies.forEach((p, i) => {
      const input = element('input', {type: 'checkbox', name: 'policy-' + i});
      input.checked = shown[i];
      input.addEventListener('change', () => { shown[i] = input.checked; tell(); });
      const swatch = element('span', {class: 'swatch', 'data-policy': i, 'aria-hidden': 'true'});
      choices.append(element('label', {}, input, ' ', swatch, ' ' + p.name));
    });
    const list = element('details', {class: 'policies'}, element('summary', {}, 'Policies in charts'), choices);
    if (!many) list.open = true;
    box.append(list);
    showCell();
  }

  function sortBy(table, column, head) {
    const body = table.tBodies[0];
    const ascending = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of table.querySelectorAll('thead th')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
    const value = row => {
      const td = row.cells[column];
      return td.dataset.v !== undefined ? Number(td.dataset.v) : td.textContent.trim();
    };
    // Without a value at the end, whichever way.
    const empty = v => typeof v === 'string' && v.startsWith('\u2013');
    const rows = Array.from(body.rows);
    rows.sort((r, s) => {
      const a = value(r), b = value(s);
      if (empty(a) || empty(b)) return empty(a) - empty(b);
      const order = typeof a === 'number' && typeof b === 'number'
        ? a - b : String(a).localeCompare(String(b), 'en', {numeric: true});
      return ascending ? order : -order;
    });
    body.append(...rows);
  }

  function makeSortable() {
    for (const table of document.querySelectorAll('table.results')) {
      table.querySelectorAll('thead th').forEach((head, column) => {
        const button = element('button', {type: 'button'}, ...head.childNodes);
        head.append(button);
        button.addEventListener('click', () => sortBy(table, column, head));
      });
    }
  }

  buildControls();
  makeSortable();
  return {changed, policies, element, cell: () => cell};
})();
