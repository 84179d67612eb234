'use strict';
// What charts of both kinds of page share: colours that follow the theme, marks, error bars, and a
// count of what was drawn in <html data-charts-drawn>.
const page = (() => {
  const root = document.documentElement;
  root.classList.add('scripted');
  const data = JSON.parse(document.getElementById('page-data').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let printing = false;
  const charts = new Map();  // canvas -> {chart, build}

  // Okabe and Ito's colours (told apart with any colour vision), lightened for a dark ground; after
  // eight series the dash changes too.
  const light = ['#0072b2', '#d55e00', '#008f6b', '#b8548f', '#a67c00', '#3d9bd1', '#6a4c93', '#7a5230'];
  const darkSet = ['#4aa8e0', '#ff8f4d', '#35c79b', '#e39bc4', '#e6b93c', '#8fd0f5', '#b79be0', '#c9a27e'];
  const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3]];
  const shapes = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];
  const isDark = () => dark.matches && !printing;
  const css = name => getComputedStyle(root).getPropertyValue(name).trim();
  const colour = i => (isDark() ? darkSet : light)[i % light.length];
  const dash = i => dashes[Math.floor(i / light.length) % dashes.length];
  const shape = i => shapes[i % shapes.length];

  function number(v) {
    if (v === null || v === undefined || !isFinite(v)) return 'n/a';
    if (v === 0) return '0';
    const digits = Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(v)))));
    return v.toFixed(digits).replace('-', '\u2212');
  }

  // Vertical lines with words: options.plugins.marks.list = [{x, text}].
  const marks = {
    id: 'marks',
    afterDatasetsDraw(chart, args, options) {
      const list = options.list || [];
      const {ctx, chartArea: area, scales: {x}} = chart;
      ctx.save();
      ctx.font = '11px system-ui, sans-serif';
      ctx.fillStyle = ctx.strokeStyle = css('--soft');
      let right = -1, row = 0;
      for (const mark of list) {
        const at = x.getPixelForValue(mark.x);
        if (!(at >= area.left && at <= area.right)) continue;
        ctx.globalAlpha = .55;
        ctx.setLineDash([3, 3]);
        ctx.beginPath(); ctx.moveTo(at, area.top); ctx.lineTo(at, area.bottom); ctx.stroke();
        ctx.globalAlpha = 1;
        if (!mark.text) continue;
        // Words that would run into each other go to the next of four lines, or are left to the table.
        row = at < right ? row + 1 : 0;
        if (row > 3) continue;
        const width = ctx.measureText(mark.text).width;
        const left = Math.min(at + 3, area.right - width);
        ctx.fillText(mark.text, left, area.top + 11 + row * 12);
        right = Math.max(row ? right : 0, left + width + 6);
      }
      ctx.restore();
    },
  };

  // Whiskers: a point carries lo and hi in the direction of the value axis.
  const whiskers = {
    id: 'whiskers',
    afterDatasetsDraw(chart) {
      const flat = chart.options.indexAxis === 'y';
      const axis = flat ? chart.scales.x : chart.scales.y;
      const {ctx, chartArea: area} = chart;
      ctx.save();
      ctx.beginPath(); ctx.rect(area.left, area.top, area.width, area.height); ctx.clip();
      ctx.lineWidth = 1.3;
      chart.data.datasets.forEach((set, i) => {
        const meta = chart.getDatasetMeta(i);
        if (meta.hidden || !set.whiskers) return;
        ctx.strokeStyle = set.whiskerColour || set.borderColor;
        meta.data.forEach((element, j) => {
          const point = set.whiskers[j];
          if (!point || point[0] === null || point[1] === null) return;
          const lo = axis.getPixelForValue(point[0]), hi = axis.getPixelForValue(point[1]);
          const at = flat ? element.y : element.x;
          ctx.beginPath();
          for (const end of [lo, hi]) {
            if (flat) { ctx.moveTo(end, at - 4); ctx.lineTo(end, at + 4); }
            else { ctx.moveTo(at - 4, end); ctx.lineTo(at + 4, end); }
          }
          if (flat) { ctx.moveTo(lo, at); ctx.lineTo(hi, at); } else { ctx.moveTo(at, lo); ctx.lineTo(at, hi); }
          ctx.stroke();
        });
      });
      ctx.restore();
    },
  };
  const drawn = {
    id: 'drawn',
    afterDraw(chart) {
      chart.canvas.dataset.drawn = 'yes';
      root.dataset.chartsDrawn = document.querySelectorAll('canvas[data-drawn]').length;
    },
  };
  Chart.register(marks, whiskers, drawn);

  function retheme() {
    Chart.defaults.color = css('--soft');
    Chart.defaults.borderColor = css('--line');
    Chart.defaults.font.family = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
    Chart.defaults.animation = false;
    Chart.defaults.maintainAspectRatio = false;
  }

  function show(canvas, build) {
    const old = charts.get(canvas);
    if (old) old.chart.destroy();
    charts.set(canvas, {chart: new Chart(canvas, build()), build});
  }
  function redraw() {
    retheme();
    for (const [canvas, {build}] of charts) show(canvas, build);
  }

  // Powers of ten and their halves only: a logarithmic axis labels every step otherwise.
  function logTick(value) {
    const lead = value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
    return [1, 2, 5].some(d => Math.abs(lead - d) < 1e-6) ? number0(value) : '';
  }
  const axis = (label, log, more) => ({
    type: log ? 'logarithmic' : 'linear',
    title: {display: !!label, text: label},
    ticks: log ? {callback: logTick, maxRotation: 0, autoSkip: true} : {maxRotation: 0, callback: number0},
    ...more,
  });
  function number0(value) {
    return Number(value.toPrecision(6)).toString().replace('-', '\u2212');
  }

  retheme();
  dark.addEventListener('change', redraw);
  addEventListener('beforeprint', () => { printing = true; redraw(); });
  addEventListener('afterprint', () => { printing = false; redraw(); });
  return {data, colour, dash, shape, css, show, redraw, axis, number};
})();
