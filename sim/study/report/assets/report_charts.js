'use strict';
// The report's charts. Each is a function that draws what is chosen and fills the table below it.
(() => {
  const data = page.data;
  const number = page.number;
  const name = p => data.policies[p].name;
  const figure = id => document.getElementById(id);
  const canvasOf = id => figure(id).querySelector('canvas');
  const chosen = (id, what) => {
    const select = figure(id).querySelector(`[data-choice=${what}]`);
    return select ? Number(select.value) : 0;
  };
  // The baseline is drawn in the text's colour, dashed; ours thicker.
  const style = p => ({
    borderColor: p === data.baseline ? page.css('--ink') : page.colour(p),
    backgroundColor: p === data.baseline ? page.css('--ink') : page.colour(p),
    borderDash: p === data.baseline ? [6, 4] : page.dash(p),
    borderWidth: data.policies[p].ours ? 3 : 1.6,
    pointStyle: page.shape(p),
  });
  const legend = {position: 'bottom', labels: {usePointStyle: false, boxWidth: 26, boxHeight: 1}};

  function fillTable(id, caption, heads, rows) {
    const table = view.element('table', {}, view.element('caption', {}, caption));
    const head = view.element('tr');
    heads.forEach((h, i) => head.append(view.element('th', {scope: 'col', class: i ? '' : 'text'}, h)));
    table.append(view.element('thead', {}, head));
    const body = view.element('tbody');
    for (const row of rows) {
      const tr = view.element('tr');
      row.forEach((c, i) => tr.append(i ? view.element('td', {}, c) : view.element('th', {scope: 'row'}, c)));
      body.append(tr);
    }
    table.append(body);
    figure(id).querySelector('details .scroll').replaceChildren(table);
  }
  const interval = (lo, hi) => (lo === null || hi === null ? 'no interval' : `[${number(lo)}, ${number(hi)}]`);
  const metricLabel = m => `${data.metrics[m].title} [${data.metrics[m].unit}]`;
  // The difference of shares is in percentage points.
  const differenceLabel = m => `${data.metrics[m].title} [${data.metrics[m].unit.replace('%', 'pp')}]`;

  // Dots with whiskers, one line each: rows = [{label, mean, lo, hi, policy}].
  function drawRows(id, label, rows) {
    const canvas = canvasOf(id);
    canvas.parentElement.style.height = Math.max(140, 70 + rows.length * 24) + 'px';
    const far = rows.flatMap(r => [r.mean, r.lo, r.hi]).filter(v => v !== null && isFinite(v));
    page.show(canvas, () => ({
      type: 'bar',
      data: {
        labels: rows.map(r => r.label),
        datasets: [{
          data: rows.map(r => r.mean), barThickness: 11,
          backgroundColor: rows.map(r => page.colour(r.policy) + '99'),
          borderColor: rows.map(r => page.colour(r.policy)), borderWidth: 1,
          whiskers: rows.map(r => [r.lo, r.hi]), whiskerColour: page.css('--ink'),
        }],
      },
      options: {
        indexAxis: 'y',
        scales: {
          x: page.axis(label, false, {suggestedMin: Math.min(0, ...far), suggestedMax: Math.max(0, ...far),
            grid: {color: c => (c.tick && c.tick.value === 0 ? page.css('--ink') : page.css('--line'))}}),
          y: {ticks: {autoSkip: false}, grid: {display: false}},
        },
        plugins: {
          legend: {display: false},
          tooltip: {callbacks: {label: c => {
            const r = rows[c.dataIndex];
            return `${number(r.mean)} ${interval(r.lo, r.hi)}`;
          }}},
        },
      },
    }));
    fillTable(id, label, ['', 'Difference', '95 % interval'],
      rows.map(r => [r.label, number(r.mean), interval(r.lo, r.hi)]));
  }

  function compare() {
    const m = chosen('compare', 'metric');
    const rows = view.policies().filter(p => p !== data.baseline).map(p => {
      const v = data.values[view.cell()][p];
      return {label: name(p), policy: p, mean: v[m * 6 + 3], lo: v[m * 6 + 4], hi: v[m * 6 + 5]};
    });
    drawRows('compare', `${differenceLabel(m)}: difference to ${name(data.baseline)}`, rows);
  }

  // The cells along one factor, the others as in the selected cell.
  function along(factor) {
    const here = data.cells[view.cell()].levels;
    return data.factors[factor].levels.map((_, level) => data.cells.findIndex(c =>
      c.levels.every((l, f) => (f === factor ? l === level : l === here[f]))));
  }

  function knee(factor) {
    const id = 'knee-' + factor;
    const m = chosen(id, 'metric'), offset = m * 6 + chosen(id, 'view');
    const cells = along(factor), {name: what, unit, levels} = data.factors[factor];
    const label = chosen(id, 'view') ? `${differenceLabel(m)}: difference to ${name(data.baseline)}` : metricLabel(m);
    const numbers = levels.map(l => l.number);
    const log = Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= 20;
    const order = numbers.map((_, i) => i).sort((a, b) => numbers[a] - numbers[b]);
    page.show(canvasOf(id), () => ({
      type: 'line',
      data: {datasets: view.policies().map(p => ({
        label: name(p), ...style(p), pointRadius: 3.5,
        data: order.map(i => ({x: numbers[i], y: data.values[cells[i]][p][offset] ?? NaN})),
        whiskers: order.map(i => data.values[cells[i]][p].slice(offset + 1, offset + 3)),
      }))},
      options: {
        parsing: false, interaction: {mode: 'nearest', intersect: false},
        scales: {x: page.axis(unit ? `${what} [${unit}]` : what, log), y: page.axis(label, false)},
        plugins: {legend},
      },
    }));
    fillTable(id, label, ['Policy', ...order.map(i => levels[i].name)], view.policies().map(p =>
      [name(p), ...order.map(i => {
        const v = data.values[cells[i]][p];
        return `${number(v[offset])} ${interval(v[offset + 1], v[offset + 2])}`;
      })]));
  }

  function cdf(part) {
    const id = 'cdf-' + part;
    const cell = data.cdf.cells[view.cell()] || [];
    const curve = p => {
      const c = cell[p] && cell[p][part];
      return c ? c.ms.map((ms, i) => ({x: Math.max(ms, 0.01), y: data.cdf.shares[i] * c.done / 100})) : [];
    };
    page.show(canvasOf(id), () => ({
      type: 'line',
      data: {datasets: view.policies().map(p => ({label: name(p), ...style(p), data: curve(p), pointRadius: 0}))},
      options: {
        parsing: false, interaction: {mode: 'nearest', axis: 'x', intersect: false},
        scales: {x: page.axis('latency [ms]', true), y: page.axis('requests [%]', false, {min: 0, max: 100})},
        plugins: {legend},
      },
    }));
    const rows = [10, 50, 90, 95, 99, 99.9];
    fillTable(id, 'Latency, ms, of the completed', ['Policy', 'completed, %', ...rows.map(q => 'p' + q)],
      view.policies().map(p => {
        const c = cell[p] && cell[p][part];
        if (!c || !c.ms.length) return [name(p), 'n/a', ...rows.map(() => 'n/a')];
        return [name(p), number(c.done), ...rows.map(q => number(c.ms[data.cdf.shares.findIndex(s => s >= q - 1e-9)]))];
      }));
  }

  const timesHere = () => data.timelines[view.cell()] || [];
  const timePolicy = document.getElementById('time-policy');
  const timeWindow = document.getElementById('time-window');

  // Ours if it is there, else the first; windows: all, and a minute before to four after each event.
  function offerTimes() {
    const wanted = timePolicy.value;
    timePolicy.replaceChildren(...timesHere().map(t => view.element('option', {value: t.policy}, name(t.policy))));
    const ours = timesHere().find(t => data.policies[t.policy].ours);
    if (timesHere().some(t => String(t.policy) === wanted)) timePolicy.value = wanted;
    else if (ours) timePolicy.value = ours.policy;
    offerWindows();
  }
  function offerWindows() {
    const t = timesHere().find(x => String(x.policy) === timePolicy.value);
    const kept = timeWindow.value;
    timeWindow.replaceChildren(view.element('option', {value: ''}, 'whole run'));
    for (const mark of t ? t.marks : []) {
      timeWindow.append(view.element('option', {value: mark.x}, `${number(mark.x)} s: ${mark.text}`));
    }
    if (Array.from(timeWindow.options).some(o => o.value === kept)) timeWindow.value = kept;
  }
  function windowOf(t) {
    if (timeWindow.value === '') return {min: 0, max: t.at[t.at.length - 1]};
    const x = Number(timeWindow.value);
    return {min: Math.max(0, x - 60), max: Math.min(t.at[t.at.length - 1], x + 240)};
  }
  const points = (t, key) => t.at.map((x, i) => ({x, y: t[key][i]}));

  function timeChart(id, label, datasets, t, words) {
    page.show(canvasOf(id), () => ({
      type: 'line', data: {datasets: datasets()},
      options: {
        parsing: false, interaction: {mode: 'nearest', axis: 'x', intersect: false},
        scales: {x: page.axis('time [s]', false, windowOf(t)), y: page.axis(label, false, {min: 0})},
        plugins: {legend, marks: {list: t.marks.map(m => ({x: m.x, text: words ? m.text : ''}))}},
      },
    }));
  }

  function noTimes() {
    for (const id of ['time-uplink', 'time-misses', 'time-cloud']) {
      const title = {display: true, text: 'No time line was recorded here.'};
      page.show(canvasOf(id), () => ({type: 'line', data: {datasets: []}, options: {plugins: {title}}}));
      fillTable(id, title.text, [], []);
    }
  }

  function times() {
    const t = timesHere().find(x => String(x.policy) === timePolicy.value);
    if (!t) return noTimes();
    const line = (label, key, i, more) => ({label, data: points(t, key), pointRadius: 0, borderWidth: 1.6,
      borderColor: page.colour(i), backgroundColor: page.colour(i), ...more});
    timeChart('time-uplink', 'uplink [Mb/s]', () => [
      line('offered by the air', 'rate', 5, {fill: 'origin', backgroundColor: page.colour(5) + '22', borderWidth: 1}),
      line('used', 'used', 0),
      line('shaper (0: none)', 'shaper', 1, {stepped: 'before', borderDash: [5, 3]}),
    ], t, true);
    const of = key => () => timesHere().filter(x => view.policies().includes(x.policy)).map(x =>
      ({label: name(x.policy), ...style(x.policy), data: points(x, key), pointRadius: 0,
        stepped: key === 'cloud' ? 'before' : false}));
    timeChart('time-misses', 'missed [1/s]', of('missed'), t, false);
    timeChart('time-cloud', 'workloads', of('cloud'), t, false);
    timeTables(t);
  }

  // Twenty slices of the window: a table of every second would be read by nobody.
  function timeTables(t) {
    const {min, max} = windowOf(t);
    const inside = t.at.map((_, i) => i).filter(i => t.at[i] >= min && t.at[i] <= max);
    const slices = Math.min(20, inside.length);
    const rows = Array.from({length: slices}, (_, s) => inside[Math.floor((s + 1) * inside.length / slices) - 1]);
    fillTable('time-uplink', `${name(t.policy)}, Mb/s`, ['until, s', 'offered', 'used', 'shaper'],
      rows.map(i => [number(t.at[i]), number(t.rate[i]), number(t.used[i]), number(t.shaper[i])]));
    figure('time-uplink').querySelector('details .scroll').append(view.element('p', {},
      t.marks.map(m => `${number(m.x)} s: ${m.text}`).join('; ') || 'No events.'));
    for (const [id, key, what] of [['time-misses', 'missed', 'missed, 1/s'], ['time-cloud', 'cloud', 'workloads in the cloud']]) {
      const all = timesHere().filter(x => view.policies().includes(x.policy));
      fillTable(id, what, ['until, s', ...all.map(x => name(x.policy))],
        rows.map(i => [number(t.at[i]), ...all.map(x => number(x[key][i]))]));
    }
  }

  function sensitivity() {
    const m = chosen('sensitivity', 'metric');
    const here = data.cells[view.cell()].levels;
    const rows = data.effects.filter(([factor, from, policy, metric]) =>
      metric === m && view.policies().includes(policy) &&
      data.cells[from].levels.every((l, f) => f === factor || l === here[f]))
      .map(([factor, , policy, , mean, lo, hi]) => {
        const levels = data.factors[factor].levels;
        const label = data.factors.length > 1
          ? `${name(policy)}: ${data.factors[factor].name}` : name(policy);
        return {label, policy, mean, lo, hi, factor, end: `${levels[0].name} \u2192 ${levels[levels.length - 1].name}`};
      });
    const ends = [...new Set(rows.map(r => `${data.factors[r.factor].name} ${r.end}`))].join('; ');
    drawRows('sensitivity', `${differenceLabel(m)}: change, ${ends}`, rows);
  }

  function ablation() {
    const m = chosen('ablation', 'metric');
    const rows = data.ablations.filter(([cell, , metric]) => cell === view.cell() && metric === m)
      .map(([, policy, , mean, lo, hi]) => ({label: name(policy), policy, mean, lo, hi}));
    drawRows('ablation', `${differenceLabel(m)}: difference to ${name(data.whole)}`, rows);
  }

  const has = id => !!figure(id);
  const draws = [];
  const chart = (id, draw) => {
    if (!has(id)) return;
    draws.push(draw);
    for (const select of figure(id).querySelectorAll('select')) select.addEventListener('change', draw);
  };
  chart('compare', compare);
  data.factors.forEach((_, f) => chart('knee-' + f, () => knee(f)));
  data.parts.forEach((_, p) => chart('cdf-' + p, () => cdf(p)));
  if (has('time-uplink')) {
    timePolicy.addEventListener('change', () => { offerWindows(); times(); });
    timeWindow.addEventListener('change', times);
    draws.push(() => { offerTimes(); times(); });
  }
  chart('sensitivity', sensitivity);
  chart('ablation', ablation);

  function swatches() {
    for (const swatch of document.querySelectorAll('.swatch')) {
      const p = Number(swatch.dataset.policy), s = style(p);
      swatch.style.borderTop = `${Math.max(2, s.borderWidth)}px ${s.borderDash.length ? 'dashed' : 'solid'} ${s.borderColor}`;
      swatch.style.height = '0';
    }
  }
  const all = () => { swatches(); draws.forEach(draw => draw()); };
  view.changed(all);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', swatches);
  all();
  document.documentElement.dataset.ready = 'yes';
})();
