'use strict';
// Line charts of plot_page(): one canvas a chart, in the order of the data.
page.data.charts.forEach((plot, position) => {
  const canvas = document.querySelector(`#plot-${position} canvas`);
  page.show(canvas, () => ({
    type: 'line',
    data: {
      datasets: plot.series.map((series, i) => {
        const points = [];
        for (let k = 0; k < series.points.length; k += 2) {
          points.push({x: series.points[k], y: series.points[k + 1] === null ? NaN : series.points[k + 1]});
        }
        return {
          label: series.name, data: points, borderColor: page.colour(i), backgroundColor: page.colour(i),
          borderDash: page.dash(i), borderWidth: 1.5, stepped: series.steps ? 'before' : false,
          showLine: !series.dots, pointRadius: series.dots ? 1.8 : points.length > 60 ? 0 : 2.5,
          pointStyle: page.shape(i), pointHitRadius: 6,
        };
      }),
    },
    options: {
      parsing: false,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      scales: {x: page.axis(plot.x.label, plot.x.log, {bounds: 'data'}), y: page.axis(plot.y.label, plot.y.log)},
      plugins: {
        legend: {display: plot.series.length > 1, position: 'bottom', labels: {usePointStyle: true, boxWidth: 10}},
        marks: {list: plot.marks},
      },
    },
  }));
});
